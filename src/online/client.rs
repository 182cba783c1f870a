//! The one place that opens connections: `GET` over HTTPS, paced, bounded in time and size, tried again where a registry
//! asks for patience.

use std::time::{Duration, Instant};

use super::Failure;
use crate::model::Tool;

/// How long one answer may take.
const MOST_TIME: Duration = Duration::from_secs(60);
/// How long a connection may take.
const MOST_TIME_TO_CONNECT: Duration = Duration::from_secs(15);
/// The longest answer that is read, in bytes: registries list all versions of a package in some.
const MOST_BYTES: u64 = 32 << 20;
/// How often one address is asked.
const MOST_TRIES: u32 = 4;
/// The longest patience that a registry can ask for, in seconds.
const MOST_PATIENCE: u64 = 60;

/// Asks one registry.
pub(super) struct Client {
    base: String,
    pause: Duration,
    /// When the last request began.
    last: Option<Instant>,
    agent: agent::Agent,
}

/// What came back.
struct Response {
    status: u16,
    /// How many seconds the registry asks to wait.
    patience: Option<u64>,
    body: Vec<u8>,
}

impl Client {
    /// A client of the registry at `base` that waits `pause` between requests and says that it is `tool`.
    ///
    /// # Errors
    /// When this build has no network.
    pub(super) fn new(base: &str, pause: Duration, tool: &Tool) -> Result<Self, Failure> {
        let https = !base.starts_with("http://");
        let agent = agent::new(https, tool).map_err(|reason| Failure { address: base.to_owned(), reason })?;
        Ok(Self { base: base.to_owned(), pause, last: None, agent })
    }

    /// What the registry has at a path, of which each segment is encoded already; `None` where it has nothing.
    ///
    /// # Errors
    /// When no answer comes, or one that says neither.
    pub(super) fn get(&mut self, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        let address = format!("{}/{path}", self.base);
        let mut tries = 0;
        loop {
            // Who cannot be reached at all is not asked again.
            let first = self.last.is_none();
            if let Some(last) = self.last {
                std::thread::sleep(self.pause.saturating_sub(last.elapsed()));
            }
            self.last = Some(Instant::now());
            tries += 1;
            let (reason, patience) = match agent::get(&self.agent, &address) {
                Ok(Response { status: 200, body, .. }) => return Ok(Some(body)),
                Ok(Response { status: 400 | 404 | 410 | 451, .. }) => return Ok(None),
                Ok(Response { status, patience, .. }) => {
                    let again = matches!(status, 429 | 500..=599);
                    (format!("it answers with status {status}"), again.then(|| patience.unwrap_or(1 << tries)))
                }
                Err(reason) => (reason, (!first).then_some(1 << tries)),
            };
            match patience.filter(|seconds| tries < MOST_TRIES && *seconds <= MOST_PATIENCE) {
                Some(seconds) => std::thread::sleep(Duration::from_secs(seconds)),
                None => return Err(Failure { address, reason }),
            }
        }
    }
}

#[cfg(feature = "online")]
mod agent {
    use super::{MOST_BYTES, MOST_TIME, MOST_TIME_TO_CONNECT, Response, Tool};

    use ureq::tls::{Certificate, RootCerts, TlsConfig};

    pub(super) use ureq::Agent;

    /// Those whom the system trusts (`SSL_CERT_FILE` and `SSL_CERT_DIR` where they are set): the networks of companies have
    /// authorities of their own. Mozilla's list, which is built in, where the system tells of none.
    fn trusted() -> RootCerts {
        let found = rustls_native_certs::load_native_certs().certs;
        let certificates: Vec<Certificate<'static>> =
            found.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
        if certificates.is_empty() { RootCerts::WebPki } else { RootCerts::new_with_certs(&certificates) }
    }

    /// Redirects lead to HTTPS only, where `https` says so.
    pub(super) fn new(https: bool, tool: &Tool) -> Result<Agent, String> {
        let config = Agent::config_builder()
            .https_only(https)
            .tls_config(TlsConfig::builder().root_certs(trusted()).build())
            .http_status_as_error(false)
            .timeout_global(Some(MOST_TIME))
            .timeout_connect(Some(MOST_TIME_TO_CONNECT))
            // Registries ask for a name and an address of whoever asks.
            .user_agent(format!("{}/{} ({})", tool.name, tool.version, tool.home))
            .build();
        Ok(config.into())
    }

    pub(super) fn get(agent: &Agent, address: &str) -> Result<Response, String> {
        let mut response = agent.get(address).call().map_err(|e| e.to_string())?;
        let patience =
            response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(MOST_BYTES).read_to_vec().map_err(|e| e.to_string())?;
        Ok(Response { status, patience, body })
    }
}

/// What stands in where the network is left out of the build.
#[cfg(not(feature = "online"))]
mod agent {
    use super::{Response, Tool};

    pub(super) enum Agent {}

    pub(super) fn new(_: bool, _: &Tool) -> Result<Agent, String> {
        Err("this build has no network: it was made without the feature `online`".to_owned())
    }

    pub(super) fn get(agent: &Agent, _: &str) -> Result<Response, String> {
        match *agent {}
    }
}
