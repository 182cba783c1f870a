//! Packages: manifests and lock files, and the components that follow from them.
//!
//! Every format is one file of code, one line of [`FORMATS`] and one folder of fixtures. A format reads one file and
//! says what stands there; [`assemble`] joins manifests and locks to components when all files are read.

mod ai;
mod ansible;
mod apple;
mod assemble;
mod bazel;
mod beam;
mod brackets;
mod cargo;
mod clojure;
mod commits;
mod components;
mod conda;
mod containers;
mod cpp;
mod dart;
mod deno;
mod dotnet;
mod draft;
mod fields;
mod forge;
mod github;
mod golang;
mod haskell;
mod haxe;
mod helm;
mod integrity;
mod java;
mod julia;
mod lines;
mod locks;
mod lua;
mod members;
mod nim;
mod nix;
mod npm;
mod opam;
mod packed;
mod perl;
mod php;
mod precommit;
mod prolog;
mod purl;
mod python;
mod r;
mod requirement;
mod ruby;
mod sbt;
mod scope;
mod submodules;
mod system;
mod tables;
mod terraform;
pub(crate) mod version;

#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use super::{Collector, Hit, Interest, SourceFile, json};
use crate::model::{Evidence, FileKind, Inventory, LicenseField, Manifest, Place, RelPath};
pub(crate) use components::{cargo_license, conclude, license_of};
pub(crate) use java::with_license_of_parents;
pub(crate) use purl::comparable;
pub(crate) use system::python::license_of_metadata;

/// Every format that is read. Where files of one format lie side by side and are locks of the same project, the first of
/// its names binds.
pub static FORMATS: &[Format] = &[
    Format {
        id: "cargo-lock",
        summary: "`Cargo.lock`, versions 1 to 4: exact crates, their edges, checksums and sources.",
        files: &[File::Name("cargo.lock")],
        read: cargo::lock::read,
    },
    Format {
        id: "cargo-toml",
        summary: "`Cargo.toml`: the crate or workspace and its direct dependencies, workspace inheritance resolved.",
        files: &[File::Name("cargo.toml")],
        read: cargo::manifest::read,
    },
    Format {
        id: "package-lock",
        summary: "npm's `package-lock.json`, `npm-shrinkwrap.json` and hidden lock file, versions 1 to 3: exact packages, edges as node resolves them, scopes, digests and licenses.",
        files: &[
            File::Name("npm-shrinkwrap.json"),
            File::Name("package-lock.json"),
            File::Name(".package-lock.json"),
        ],
        read: npm::lock::read,
    },
    Format {
        id: "yarn-lock",
        summary: "`yarn.lock` of yarn 1 and of yarn 2 and later: exact packages, the requirements they answer, edges and digests.",
        files: &[File::Name("yarn.lock")],
        read: npm::yarn::read,
    },
    Format {
        id: "pnpm-lock",
        summary: "`pnpm-lock.yaml`, versions 5 to 9: exact packages, edges, scopes and digests of every project of the workspace.",
        files: &[File::Name("pnpm-lock.yaml")],
        read: npm::pnpm::read,
    },
    Format {
        id: "bun-lock",
        summary: "`bun.lock`: exact packages, edges as node resolves them, scopes and digests of every project of the workspace.",
        files: &[File::Name("bun.lock")],
        read: npm::bun::read,
    },
    Format {
        id: "package-json",
        summary: "npm's `package.json`: the package or workspace and its direct dependencies of every kind.",
        files: &[File::Name("package.json")],
        read: npm::manifest::read,
    },
    Format {
        id: "pnpm-workspace",
        summary: "`pnpm-workspace.yaml`: the members of a workspace, and the requirements that they take by name.",
        files: &[File::Name("pnpm-workspace.yaml")],
        read: npm::pnpm_workspace::read,
    },
    Format {
        id: "uv-lock",
        summary: "`uv.lock`: exact Python packages, edges, digests, and the needs of every project of the workspace.",
        files: &[File::Name("uv.lock"), File::Extension("lock", |name, _| name.ends_with(".py.lock"))],
        read: python::uv::read,
    },
    Format {
        id: "poetry-lock",
        summary: "`poetry.lock` of Poetry 0.12 to 2: exact Python packages, edges, scopes and digests.",
        files: &[File::Name("poetry.lock")],
        read: python::poetry::read,
    },
    Format {
        id: "pdm-lock",
        summary: "`pdm.lock`: exact Python packages, edges, groups and digests.",
        files: &[File::Name("pdm.lock")],
        read: python::pdm::read,
    },
    Format {
        id: "pylock",
        summary: "`pylock.toml` and `pylock.*.toml` (PEP 751): exact Python packages, edges, groups and digests.",
        files: &[File::Extension("toml", python::pylock::is_lock)],
        read: python::pylock::read,
    },
    Format {
        id: "pipfile-lock",
        summary: "`Pipfile.lock`: exact Python packages by category, with digests.",
        files: &[File::Name("pipfile.lock")],
        read: python::pipenv::read_lock,
    },
    Format {
        id: "pipfile",
        summary: "`Pipfile`: the direct dependencies of a Python project by category.",
        files: &[File::Name("pipfile")],
        read: python::pipenv::read_manifest,
    },
    Format {
        id: "requirements",
        summary: "Requirements and constraints files of pip, in any encoding; what pip-compile and uv wrote into them is read as a lock, with its edges.",
        files: &[
            File::Extension("txt", python::requirements::is_requirements),
            File::Extension("in", python::requirements::is_requirements),
            File::Extension("lock", python::requirements::is_lock),
        ],
        read: python::requirements::read,
    },
    Format {
        id: "pyproject",
        summary: "`pyproject.toml`: the project and its direct dependencies as PEP 621, 639, 735 and 518, Poetry, PDM and uv state them.",
        files: &[File::Name("pyproject.toml")],
        read: python::pyproject::read,
    },
    Format {
        id: "setup-cfg",
        summary: "`setup.cfg` of setuptools: the project and its direct dependencies.",
        files: &[File::Name("setup.cfg")],
        read: python::setup_cfg::read,
    },
    Format {
        id: "setup-py",
        summary: "`setup.py`, read and never run: what the call of `setup()` is given as literals.",
        files: &[File::Extension("py", python::setup_py::is_setup)],
        read: python::setup_py::read,
    },
    Format {
        id: "go-mod",
        summary: "`go.mod`, and beside it `vendor/modules.txt` and `go.sum`: the module, and every module of its build at the version that is used.",
        files: &[File::Name("go.mod"), File::Extension("txt", golang::vendor::is_list), File::Name("go.sum")],
        read: golang::module::read,
    },
    Format {
        id: "go-work",
        summary: "`go.work`: the modules of a checkout that are built together.",
        files: &[File::Name("go.work")],
        read: golang::work::read,
    },
    Format {
        id: "pom",
        summary: "Maven's `pom.xml`: the project and its direct dependencies, with parents, properties, managed versions and bills of materials of the same checkout resolved.",
        files: &[File::Name("pom.xml"), File::Extension("pom", java::pom::is_pom)],
        read: java::pom::read,
    },
    Format {
        id: "java-archive",
        summary: "Java archives (`*.jar`, `*.war`, `*.ear`, `*.aar` and their like): the modules that Maven and their manifests name, and those of archives inside of them.",
        files: &[
            File::Extension("jar", |_, _| true),
            File::Extension("war", |_, _| true),
            File::Extension("ear", |_, _| true),
            File::Extension("aar", |_, _| true),
            File::Extension("hpi", |_, _| true),
            File::Extension("jpi", |_, _| true),
            File::Extension("nar", |_, _| true),
        ],
        read: java::archive::read,
    },
    Format {
        id: "gradle-lock",
        summary: "Gradle's `gradle.lockfile`, `buildscript-gradle.lockfile` and `dependency-locks`: exact modules and the configurations that hold them.",
        files: &[File::Extension("lockfile", java::gradle_lock::is_lock)],
        read: java::gradle_lock::read,
    },
    Format {
        id: "gradle-verification",
        summary: "Gradle's `verification-metadata.xml`: exact modules and the digests of their artifacts.",
        files: &[File::Name("verification-metadata.xml")],
        read: java::verification::read,
    },
    Format {
        id: "gradle-catalog",
        summary: "Gradle's version catalogs (`libs.versions.toml`): the libraries that build files name by alias.",
        files: &[File::Extension("toml", java::catalog::is_catalog)],
        read: java::catalog::read,
    },
    Format {
        id: "gradle",
        summary: "`build.gradle` and `build.gradle.kts`, read and never run: literal dependencies, and those of a version catalog.",
        files: &[
            File::Extension("gradle", java::gradle::is_build_file),
            File::Extension("kts", java::gradle::is_build_file),
        ],
        read: java::gradle::read,
    },
    Format {
        id: "gradle-settings",
        summary: "`settings.gradle` and `settings.gradle.kts`, read and never run: the name of the project.",
        files: &[File::Name("settings.gradle"), File::Name("settings.gradle.kts")],
        read: java::gradle::read_settings,
    },
    Format {
        id: "gradle-properties",
        summary: "`gradle.properties`: the values that build files of the folder and below name, versions among them.",
        files: &[File::Name("gradle.properties")],
        read: java::gradle::read_properties,
    },
    Format {
        id: "github-actions",
        summary: "Workflows and composite actions of GitHub: the actions, reusable workflows and images they use.",
        files: &[File::Extension("yml", github::is_workflow), File::Extension("yaml", github::is_workflow)],
        read: github::read,
    },
    Format {
        id: "dockerfile",
        summary: "`Dockerfile` and `Containerfile`: the images that stages build on and copy from.",
        files: &[
            File::Name("dockerfile"),
            File::Name("containerfile"),
            File::Stem("dockerfile"),
            File::Stem("containerfile"),
            File::Extension("dockerfile", containers::dockerfile::is_named),
            File::Extension("containerfile", containers::dockerfile::is_named),
        ],
        read: containers::dockerfile::read,
    },
    Format {
        id: "compose",
        summary: "Compose files: the images that services run.",
        files: &[
            File::Extension("yml", containers::compose::is_compose),
            File::Extension("yaml", containers::compose::is_compose),
        ],
        read: containers::compose::read,
    },
    Format {
        id: "helm-values",
        summary: "Values of Helm charts: the images they name.",
        files: &[
            File::Extension("yaml", containers::kubernetes::is_values),
            File::Extension("yml", containers::kubernetes::is_values),
        ],
        read: containers::kubernetes::read_values,
    },
    Format {
        id: "kubernetes",
        summary: "Kubernetes manifests of any name: the images that containers run.",
        files: &[File::Text(containers::kubernetes::MARK, &["yaml", "yml"])],
        read: containers::kubernetes::read,
    },
    Format {
        id: "kustomization",
        summary: "Kustomizations: the images that are put in place of others.",
        files: &[File::Name("kustomization.yaml"), File::Name("kustomization.yml")],
        read: containers::pipelines::read_kustomization,
    },
    Format {
        id: "helm-chart",
        summary: "Helm's `Chart.yaml`: the chart and the charts that it asks for.",
        files: &[File::Name("chart.yaml")],
        read: helm::read_chart,
    },
    Format {
        id: "helm-lock",
        summary: "Helm's `Chart.lock`: the exact charts that a chart depends on.",
        files: &[File::Name("chart.lock")],
        read: helm::read_lock,
    },
    Format {
        id: "pipelines",
        summary: "Pipelines of GitLab, Bitbucket, CircleCI, Azure, Cloud Build, Drone and Woodpecker: the images that jobs run in.",
        files: &[
            File::Extension("yml", containers::pipelines::is_pipeline),
            File::Extension("yaml", containers::pipelines::is_pipeline),
        ],
        read: containers::pipelines::read,
    },
    Format {
        id: "devcontainer",
        summary: "`devcontainer.json`: the image that a development container is made from.",
        files: &[File::Name("devcontainer.json"), File::Name(".devcontainer.json")],
        read: containers::pipelines::read_devcontainer,
    },
    Format {
        id: "ansible-requirements",
        summary: "Ansible Galaxy's `requirements.yml`: the roles and collections that are asked for.",
        files: &[File::Name("requirements.yml"), File::Name("requirements.yaml")],
        read: ansible::read_requirements,
    },
    Format {
        id: "ansible-galaxy",
        summary: "`galaxy.yml`: a collection of Ansible, its license and dependencies.",
        files: &[File::Name("galaxy.yml")],
        read: ansible::read_galaxy,
    },
    Format {
        id: "script",
        summary: "Python scripts with a block of metadata (PEP 723): the dependencies that they state themselves.",
        files: &[File::Text(python::script::OPENING, &["py", "pyw", ""])],
        read: python::script::read,
    },
    Format {
        id: "gemfile-lock",
        summary: "Bundler's `Gemfile.lock` and `gems.locked`: exact gems of every source, with platforms, edges and checksums.",
        files: &[File::Name("gems.locked"), File::Name("gemfile.lock")],
        read: ruby::lock::read,
    },
    Format {
        id: "gemfile",
        summary: "Bundler's `Gemfile` and `gems.rb`: the gems that are asked for in so many words, with groups and sources.",
        files: &[File::Name("gems.rb"), File::Name("gemfile")],
        read: ruby::gemfile::read,
    },
    Format {
        id: "gemspec",
        summary: "`*.gemspec`: name, version, license and dependencies of a gem where they are literals; in `specifications` folders, installed gems.",
        files: &[File::Extension("gemspec", |_, _| true)],
        read: ruby::gemspec::read,
    },
    Format {
        id: "gem-version",
        summary: "`version.rb` below `lib`: the version that a gemspec takes from a constant.",
        files: &[File::NameIn("version.rb", ruby::version::is_version)],
        read: ruby::version::read,
    },
    Format {
        id: "composer-lock",
        summary: "`composer.lock` and Composer's `installed.json`: exact packages with edges, scopes, licenses and archives.",
        files: &[
            File::Name("composer.lock"),
            File::Extension("json", |name, path| name == "installed.json" && path.parent().name() == "composer"),
        ],
        read: php::lock::read,
    },
    Format {
        id: "composer-json",
        summary: "Composer's `composer.json`: the package and its direct dependencies.",
        files: &[File::Name("composer.json")],
        read: php::manifest::read,
    },
    Format {
        id: "mix-lock",
        summary: "Elixir's `mix.lock`: exact packages of Hex and git, with edges and checksums.",
        files: &[File::Name("mix.lock")],
        read: beam::mix::read_lock,
    },
    Format {
        id: "mix-exs",
        summary: "Elixir's `mix.exs`: the project and its dependencies where they are literals.",
        files: &[File::Name("mix.exs")],
        read: beam::mix::read_manifest,
    },
    Format {
        id: "rebar-lock",
        summary: "Erlang's `rebar.lock`: exact packages of Hex and git, with checksums.",
        files: &[File::Name("rebar.lock")],
        read: beam::rebar::read_lock,
    },
    Format {
        id: "rebar-config",
        summary: "Erlang's `rebar.config`: the dependencies of the project and of its profiles.",
        files: &[File::Name("rebar.config")],
        read: beam::rebar::read_manifest,
    },
    Format {
        id: "otp-app",
        summary: "`*.app` and `*.app.src`: an application of OTP as compiled and as published, with version and licenses.",
        files: &[File::Extension("app", |_, _| true), File::Extension("src", beam::app::is_source)],
        read: beam::app::read,
    },
    Format {
        id: "gleam-manifest",
        summary: "Gleam's `manifest.toml`: exact packages with edges and checksums.",
        files: &[File::Extension("toml", |_, path| path.name() == "manifest.toml")],
        read: beam::gleam::read_lock,
    },
    Format {
        id: "gleam-toml",
        summary: "Gleam's `gleam.toml`: the package and its direct dependencies.",
        files: &[File::Name("gleam.toml")],
        read: beam::gleam::read_manifest,
    },
    Format {
        id: "conan-lock",
        summary: "Conan's `conan.lock`, versions 1 and 2: exact references, and edges where the lock holds the graph.",
        files: &[File::Name("conan.lock")],
        read: cpp::conan_lock::read,
    },
    Format {
        id: "conan-info",
        summary: "Conan's `conaninfo.txt` in the packages of its cache: the exact packages that went into one.",
        files: &[File::Name("conaninfo.txt")],
        read: cpp::conan_info::read,
    },
    Format {
        id: "conanfile-txt",
        summary: "Conan's `conanfile.txt`: the references that are asked for.",
        files: &[File::Name("conanfile.txt")],
        read: cpp::conanfile::read_text,
    },
    Format {
        id: "conanfile-py",
        summary: "Conan's `conanfile.py`: the recipe and the references that it asks for where they are literals.",
        files: &[File::Name("conanfile.py")],
        read: cpp::conanfile::read_python,
    },
    Format {
        id: "vcpkg-json",
        summary: "vcpkg's `vcpkg.json`: the port and its direct dependencies, overrides applied.",
        files: &[File::Name("vcpkg.json")],
        read: cpp::vcpkg::read_manifest,
    },
    Format {
        id: "vcpkg-lock",
        summary: "`vcpkg-lock.json`: the commits of the registries that a build used.",
        files: &[File::Name("vcpkg-lock.json")],
        read: cpp::vcpkg::read_lock,
    },
    Format {
        id: "cmake",
        summary: "`CMakeLists.txt` and `*.cmake`: what `FetchContent`, `ExternalProject` and CPM download.",
        files: &[File::Name("cmakelists.txt"), File::Extension("cmake", cpp::cmake::is_module)],
        read: cpp::cmake::read,
    },
    Format {
        id: "meson-wrap",
        summary: "Meson's `*.wrap` files: archives and repositories of subprojects, with digests.",
        files: &[File::Extension("wrap", cpp::wrap::is_wrap)],
        read: cpp::wrap::read,
    },
    Format {
        id: "julia-manifest",
        summary: "Julia's `Manifest.toml` of every format: exact packages with edges and identifiers.",
        files: &[File::Extension("toml", julia::is_manifest)],
        read: julia::read_lock,
    },
    Format {
        id: "julia-project",
        summary: "Julia's `Project.toml`: the package and its direct dependencies with their compatibility.",
        files: &[File::Name("juliaproject.toml"), File::Name("project.toml")],
        read: julia::read_project,
    },
    Format {
        id: "renv-lock",
        summary: "R's `renv.lock`: exact packages of CRAN, Bioconductor and repositories, with edges.",
        files: &[File::Name("renv.lock")],
        read: r::renv::read,
    },
    Format {
        id: "r-description",
        summary: "R's `DESCRIPTION`: the package, its license and dependencies; installed packages too.",
        files: &[File::Name("description")],
        read: r::description::read,
    },
    Format {
        id: "nuget-lock",
        summary: "NuGet's `packages.lock.json`: exact packages of every target framework, with edges and digests.",
        files: &[File::Name("packages.lock.json")],
        read: dotnet::lock::read,
    },
    Format {
        id: "nuget-assets",
        summary: "`project.assets.json`: what `dotnet restore` resolved, with edges and digests.",
        files: &[File::Name("project.assets.json")],
        read: dotnet::assets::read,
    },
    Format {
        id: "dotnet-deps",
        summary: "`*.deps.json`: what a built .NET application consists of, with edges and digests.",
        files: &[File::Extension("json", dotnet::deps::is_deps)],
        read: dotnet::deps::read,
    },
    Format {
        id: "packages-config",
        summary: "NuGet's `packages.config`: the exact packages of a project.",
        files: &[File::Name("packages.config")],
        read: dotnet::config::read,
    },
    Format {
        id: "nuspec",
        summary: "NuGet's `*.nuspec`: the package, its license and dependencies, at its source or where it is installed.",
        files: &[File::Extension("nuspec", |_, _| true)],
        read: dotnet::nuspec::read,
    },
    Format {
        id: "dotnet-tools",
        summary: "`dotnet-tools.json`: the exact tools that a project of .NET is worked on with.",
        files: &[File::Name("dotnet-tools.json")],
        read: dotnet::tools::read,
    },
    Format {
        id: "msbuild",
        summary: "MSBuild projects (`*.csproj`, `*.fsproj`, `*.vbproj`) and the `*.props` and `*.targets` that they take in: packages and projects that are referred to, central versions resolved.",
        files: &[
            File::Extension("csproj", dotnet::project::is_project),
            File::Extension("fsproj", dotnet::project::is_project),
            File::Extension("vbproj", dotnet::project::is_project),
            File::Name("directory.packages.props"),
            File::Name("packages.props"),
            File::Name("directory.build.props"),
            File::Name("directory.build.targets"),
            File::Extension("props", dotnet::project::is_project),
            File::Extension("targets", dotnet::project::is_project),
        ],
        read: dotnet::project::read,
    },
    Format {
        id: "paket-lock",
        summary: "`paket.lock`: exact packages and repositories of every group, with edges.",
        files: &[File::Name("paket.lock")],
        read: dotnet::paket::read_lock,
    },
    Format {
        id: "paket-dependencies",
        summary: "`paket.dependencies`: the packages and repositories that are asked for.",
        files: &[File::Name("paket.dependencies")],
        read: dotnet::paket::read_manifest,
    },
    Format {
        id: "pubspec-lock",
        summary: "Dart's `pubspec.lock`: exact packages with digests and scopes.",
        files: &[File::Name("pubspec.lock")],
        read: dart::lock::read,
    },
    Format {
        id: "pubspec-yaml",
        summary: "Dart's `pubspec.yaml`: the package and its direct dependencies.",
        files: &[File::Name("pubspec.yaml"), File::Extension("yaml", dart::manifest::is_copy)],
        read: dart::manifest::read,
    },
    Format {
        id: "swift-resolved",
        summary: "`Package.resolved`, versions 1 to 3: exact Swift packages with their repositories.",
        files: &[File::Name("package.resolved")],
        read: apple::resolved::read,
    },
    Format {
        id: "package-swift",
        summary: "`Package.swift`: the package and its dependencies where they are literals.",
        files: &[File::Name("package.swift")],
        read: apple::package_swift::read,
    },
    Format {
        id: "podfile-lock",
        summary: "CocoaPods' `Podfile.lock`: exact pods and subspecs with edges.",
        files: &[File::Name("podfile.lock")],
        read: apple::podfile_lock::read,
    },
    Format {
        id: "podfile",
        summary: "CocoaPods' `Podfile`: the pods that are asked for, by target.",
        files: &[File::Name("podfile")],
        read: apple::podfile::read,
    },
    Format {
        id: "podspec",
        summary: "CocoaPods' `*.podspec`: name, version, license and dependencies of a pod where they are literals.",
        files: &[File::Extension("podspec", |_, _| true)],
        read: apple::podfile::read_spec,
    },
    Format {
        id: "cartfile-resolved",
        summary: "Carthage's `Cartfile.resolved`: exact repositories and archives.",
        files: &[File::Name("cartfile.resolved")],
        read: apple::cartfile::read,
    },
    Format {
        id: "cartfile",
        summary: "Carthage's `Cartfile` and `Cartfile.private`: the repositories and archives that are asked for.",
        files: &[File::Name("cartfile"), File::Name("cartfile.private")],
        read: apple::cartfile::read_manifest,
    },
    Format {
        id: "cabal-freeze",
        summary: "`cabal.project.freeze`: the versions that Cabal's constraints fix.",
        files: &[File::Name("cabal.project.freeze"), File::Name("cabal.config")],
        read: haskell::freeze::read,
    },
    Format {
        id: "cabal",
        summary: "`*.cabal`: the package, its license and the dependencies of every stanza.",
        files: &[File::Extension("cabal", |_, _| true)],
        read: haskell::cabal::read,
    },
    Format {
        id: "hpack",
        summary: "`package.yaml` of hpack: the package, its license and the dependencies of every section.",
        files: &[File::Name("package.yaml")],
        read: haskell::hpack::read,
    },
    Format {
        id: "stack-lock",
        summary: "`stack.yaml.lock`: exact Haskell packages beside those of the snapshot.",
        files: &[File::Name("stack.yaml.lock")],
        read: haskell::stack::read_lock,
    },
    Format {
        id: "stack-yaml",
        summary: "`stack.yaml`: the packages that are taken beside those of the snapshot.",
        files: &[File::Name("stack.yaml")],
        read: haskell::stack::read_manifest,
    },
    Format {
        id: "conda-environment",
        summary: "`environment.yml` and its like (`environment-dev.yml`): the packages that are asked of conda and pip.",
        files: &[
            File::Name("environment.yml"),
            File::Name("environment.yaml"),
            File::Extension("yml", conda::environment::is_environment),
            File::Extension("yaml", conda::environment::is_environment),
        ],
        read: conda::environment::read,
    },
    Format {
        id: "conda-lock",
        summary: "`conda-lock.yml`: exact packages of conda and pip for every platform, with edges and digests.",
        files: &[File::Extension("yml", conda::lock::is_lock), File::Extension("yaml", conda::lock::is_lock)],
        read: conda::lock::read,
    },
    Format {
        id: "conda-explicit",
        summary: "Explicit lists of conda (`@EXPLICIT`): exact packages with digests.",
        files: &[File::Text(conda::explicit::MARK, &["txt", "lock", ""])],
        read: conda::explicit::read,
    },
    Format {
        id: "pixi-lock",
        summary: "`pixi.lock`, versions 4 to 6: exact packages of conda and PyPI, with edges and digests.",
        files: &[File::Name("pixi.lock")],
        read: conda::pixi::read,
    },
    Format {
        id: "pixi-toml",
        summary: "`pixi.toml`: the workspace and the packages that it asks of conda and of PyPI, by feature.",
        files: &[File::Name("pixi.toml")],
        read: conda::manifest::read,
    },
    Format {
        id: "conda-meta",
        summary: "`conda-meta/*.json`: installed conda packages with digests and licenses.",
        files: &[File::Extension("json", conda::meta::is_record)],
        read: conda::meta::read,
    },
    Format {
        id: "sbt-lock",
        summary: "sbt's `build.sbt.lock`: exact Maven modules with scopes and digests.",
        files: &[File::Name("build.sbt.lock")],
        read: sbt::read,
    },
    Format {
        id: "sbt",
        summary: "`build.sbt` and other `*.sbt`, read and never run: the modules that are asked for in so many words.",
        files: &[File::Extension("sbt", java::sbt::is_build)],
        read: java::sbt::read,
    },
    Format {
        id: "ivy",
        summary: "Apache Ivy's `ivy.xml`: the module and the modules that it asks for.",
        files: &[File::Name("ivy.xml")],
        read: java::ivy::read,
    },
    Format {
        id: "deps-edn",
        summary: "Clojure's `deps.edn`: the libraries that are asked for, by alias.",
        files: &[File::Name("deps.edn")],
        read: clojure::read_deps,
    },
    Format {
        id: "project-clj",
        summary: "Leiningen's `project.clj`: the project and its dependencies, by profile.",
        files: &[File::Name("project.clj")],
        read: clojure::read_project,
    },
    Format {
        id: "bazel-module",
        summary: "`MODULE.bazel`: the module and its dependencies, Maven artifacts included.",
        files: &[File::Name("module.bazel")],
        read: bazel::read_module,
    },
    Format {
        id: "bazel-lock",
        summary: "`MODULE.bazel.lock`: the exact modules that Bazel resolved.",
        files: &[File::Name("module.bazel.lock")],
        read: bazel::read_lock,
    },
    Format {
        id: "bazel-workspace",
        summary: "Bazel's `WORKSPACE`: the archives and repositories that its rules fetch, with digests.",
        files: &[File::Name("workspace.bazel"), File::Name("workspace")],
        read: bazel::read_workspace,
    },
    Format {
        id: "maven-install",
        summary: "`maven_install.json` of Bazel's rules for the JVM: exact Maven modules with edges and digests.",
        files: &[File::Extension("json", java::install::is_install)],
        read: java::install::read,
    },
    Format {
        id: "opam",
        summary: "opam's `*.opam` and `opam`: the package, its license and dependencies.",
        files: &[File::Name("opam"), File::Extension("opam", |_, _| true)],
        read: opam::read_manifest,
    },
    Format {
        id: "opam-locked",
        summary: "`*.opam.locked`: the exact packages that `opam lock` fixed.",
        files: &[File::Extension("locked", opam::is_locked)],
        read: opam::read_lock,
    },
    Format {
        id: "rockspec",
        summary: "LuaRocks' `*.rockspec`: the rock, its license and dependencies where they are literals.",
        files: &[File::Extension("rockspec", |_, _| true)],
        read: lua::read_rockspec,
    },
    Format {
        id: "luarocks-lock",
        summary: "`luarocks.lock`: the exact rocks of a project.",
        files: &[File::Name("luarocks.lock")],
        read: lua::read_lock,
    },
    Format {
        id: "cpanfile",
        summary: "Perl's `cpanfile`: the modules that are asked for, by phase.",
        files: &[File::Name("cpanfile")],
        read: perl::cpanfile::read,
    },
    Format {
        id: "cpanfile-snapshot",
        summary: "Carton's `cpanfile.snapshot`: exact distributions with edges.",
        files: &[File::Name("cpanfile.snapshot")],
        read: perl::snapshot::read,
    },
    Format {
        id: "cpan-meta",
        summary: "`META.json` of CPAN distributions: name, version, license and prerequisites.",
        files: &[File::Extension("json", perl::meta::is_meta)],
        read: perl::meta::read,
    },
    Format {
        id: "cpan-meta-yaml",
        summary: "`META.yml` of CPAN distributions: name, version, license and prerequisites.",
        files: &[File::Name("meta.yml"), File::Name("mymeta.yml")],
        read: perl::meta::read_yaml,
    },
    Format {
        id: "nimble",
        summary: "Nim's `*.nimble`: the package, its license and dependencies where they are literals.",
        files: &[File::Extension("nimble", |_, _| true)],
        read: nim::read_manifest,
    },
    Format {
        id: "nimble-lock",
        summary: "`nimble.lock`: exact Nim packages with edges, commits and checksums.",
        files: &[File::Name("nimble.lock")],
        read: nim::read_lock,
    },
    Format {
        id: "haxelib",
        summary: "Haxe's `haxelib.json`: the library, its license and dependencies.",
        files: &[File::Name("haxelib.json")],
        read: haxe::read,
    },
    Format {
        id: "swipl-pack",
        summary: "SWI-Prolog's `pack.pl`: the pack, its license and dependencies.",
        files: &[File::Name("pack.pl")],
        read: prolog::read,
    },
    Format {
        id: "flake-lock",
        summary: "Nix's `flake.lock`: the exact inputs of a flake with edges and digests.",
        files: &[File::Name("flake.lock")],
        read: nix::read_flake,
    },
    Format {
        id: "terraform-lock",
        summary: "`.terraform.lock.hcl`: exact providers with digests.",
        files: &[File::Name(".terraform.lock.hcl")],
        read: terraform::read_lock,
    },
    Format {
        id: "terraform",
        summary: "`*.tf`: providers and modules that Terraform or OpenTofu are asked for.",
        files: &[File::Extension("tf", |_, _| true)],
        read: terraform::read_manifest,
    },
    Format {
        id: "deno-lock",
        summary: "`deno.lock`, versions 2 to 5: exact packages of JSR and npm with edges, and modules by address.",
        files: &[File::Name("deno.lock")],
        read: deno::lock::read,
    },
    Format {
        id: "deno-json",
        summary: "`deno.json` and `deno.jsonc`: the package and the packages of JSR and npm that it imports.",
        files: &[File::Name("deno.json"), File::Name("deno.jsonc")],
        read: deno::manifest::read,
    },
    Format {
        id: "pre-commit",
        summary: "`.pre-commit-config.yaml`: the repositories whose hooks are run.",
        files: &[File::Name(".pre-commit-config.yaml"), File::Name(".pre-commit-config.yml")],
        read: precommit::read,
    },
    Format {
        id: "gguf",
        summary: "GGUF model files: name, version, license and base models from the header.",
        files: &[File::Extension("gguf", |_, _| true)],
        read: ai::gguf::read,
    },
    Format {
        id: "safetensors",
        summary: "safetensors model files: name, version, license and base models from the header.",
        files: &[File::Extension("safetensors", |_, _| true)],
        read: ai::safetensors::read,
    },
    Format {
        id: "onnx",
        summary: "ONNX model files: name, version and license from the outer message.",
        files: &[File::Extension("onnx", |_, _| true)],
        read: ai::onnx::read,
    },
    Format {
        id: "model-card",
        summary: "Hugging Face's model and data set cards (the YAML in front of `README.md`): license, base models and data sets.",
        files: &[File::Name("readme.md")],
        read: ai::card::read,
    },
    Format {
        id: "model-config",
        summary: "`config.json` of Hugging Face's transformers: the model that weights are of.",
        files: &[File::Name("config.json")],
        read: ai::config::read,
    },
    Format {
        id: "model-index",
        summary: "`model_index.json` of Hugging Face's diffusers: the pipeline that weights are of.",
        files: &[File::Name("model_index.json")],
        read: ai::config::read,
    },
    Format {
        id: "adapter-config",
        summary: "`adapter_config.json` of Hugging Face's peft: the model that an adapter changes.",
        files: &[File::Name("adapter_config.json")],
        read: ai::config::read,
    },
    Format {
        id: "model-code",
        summary: "Models and data sets that code loads by name: `from_pretrained`, `load_dataset` and their like.",
        files: &[
            File::Text(ai::code::CALLS[0].0, ai::code::ENDINGS),
            File::Text(ai::code::CALLS[1].0, ai::code::ENDINGS),
            File::Text(ai::code::CALLS[2].0, ai::code::ENDINGS),
            File::Text(ai::code::CALLS[3].0, ai::code::ENDINGS),
        ],
        read: ai::code::read,
    },
    Format {
        id: "gitmodules",
        summary: "`.gitmodules`: submodules, with the commit that git's index holds.",
        files: &[File::Name(".gitmodules")],
        read: submodules::read,
    },
    Format {
        id: "python-installed",
        summary: "`*.dist-info/METADATA`, `PKG-INFO` and `*.egg-info`: Python distributions as installed and as published, with licenses.",
        files: &[
            File::NameIn("metadata", system::python::is_metadata),
            File::NameIn("pkg-info", system::python::is_metadata),
            File::Extension("egg-info", |_, _| true),
        ],
        read: system::python::read,
    },
    Format {
        id: "packed",
        summary: "Packages as registries publish them (`*.whl`, `*.egg`, `*.nupkg`, `*.crate`, `*.gem`): what their metadata says.",
        files: &[
            File::Extension("whl", |_, _| true),
            File::Extension("egg", |_, _| true),
            File::Extension("nupkg", |_, _| true),
            File::Extension("crate", |_, _| true),
            File::Extension("gem", |_, _| true),
        ],
        read: packed::read,
    },
    Format {
        id: "apk-installed",
        summary: "Alpine's `apk/db/installed`: installed packages with edges and licenses.",
        files: &[File::NameIn("installed", system::apk::is_installed)],
        read: system::apk::read,
    },
    Format {
        id: "dpkg-status",
        summary: "Debian's `dpkg/status` and `dpkg/status.d`: installed packages with edges.",
        files: &[File::NameIn("status", system::dpkg::is_status), File::Folder("status.d", system::dpkg::is_status)],
        read: system::dpkg::read,
    },
    Format {
        id: "pacman-local",
        summary: "Pacman's `pacman/local/*/desc`: installed packages with licenses.",
        files: &[File::NameIn("desc", system::pacman::is_desc)],
        read: system::pacman::read,
    },
    Format {
        id: "rpm-database",
        summary: "RPM's `rpm/Packages`, `rpm/Packages.db` and `rpm/rpmdb.sqlite`: installed packages with edges and licenses.",
        files: &[
            File::NameIn("rpmdb.sqlite", system::rpm::is_database),
            File::NameIn("packages.db", system::rpm::is_database),
            File::NameIn("packages", system::rpm::is_database),
        ],
        read: system::rpm::read,
    },
];

/// The texts of [`File::Text`], for the shared prefilter.
const TEXTS: &[&str] = &[
    python::script::OPENING,
    containers::kubernetes::MARK,
    conda::explicit::MARK,
    ai::code::CALLS[0].0,
    ai::code::CALLS[1].0,
    ai::code::CALLS[2].0,
    ai::code::CALLS[3].0,
];

/// The note that a file is malformed, where a reader gives up; boxed because results carry it.
type Broken = Box<Evidence>;

/// As [`super::malformed`].
fn broken(file: &SourceFile<'_>, line: Option<u32>, reason: impl std::fmt::Display) -> Broken {
    Box::new(super::malformed(file, line, reason))
}

/// What an ecosystem does with its manifests once all are read, before packages are assembled. Each must give the same
/// when it runs again.
static RESOLVERS: &[fn(&mut Inventory)] = &[
    cargo::workspace::resolve,
    npm::workspace::resolve,
    npm::installed::resolve,
    python::resolve,
    golang::resolve,
    java::resolve,
    ruby::resolve,
    dotnet::workspace::resolve,
    submodules::resolve,
    nix::resolve,
    commits::resolve,
    ai::card::resolve,
];

/// A manifest or lock file format.
pub struct Format {
    /// A stable name in kebab-case; its fixtures are in `fixtures/packages/<id>/`.
    pub id: &'static str,
    /// What it is and what is read from it, in one sentence.
    pub summary: &'static str,
    /// Which files have it.
    pub files: &'static [File],
    /// Reads one file of it. Must not panic on any input, must take linear time, and must leave a note
    /// ([`super::malformed`]) where the file does not follow the format.
    pub read: fn(&SourceFile<'_>, &mut Vec<Evidence>),
}

/// Which files have a format. Names are in lower case, and so is the name that they are compared with.
pub enum File {
    /// The file of this name.
    Name(&'static str),
    /// Files whose name ends with a dot and this word (without a dot), where the function, asked with the name in lower
    /// case and the path, says so.
    Extension(&'static str, fn(&str, &RelPath) -> bool),
    /// Files whose name begins with this word and a dot, or, where it has no ending, a dash or underscore.
    Stem(&'static str),
    /// The file of this name, where the function says so of its path.
    NameIn(&'static str, fn(&RelPath) -> bool),
    /// Files in a folder of this name, where the function says so of their path.
    Folder(&'static str, fn(&RelPath) -> bool),
    /// Files of any other name with one of these endings (`""` for none) that hold this text, in lower case; listed in
    /// [`TEXTS`] too.
    Text(&'static str, &'static [&'static str]),
}

/// Indexes of [`FORMATS`] and of their files, by name, by extension and by folder.
#[derive(Default)]
struct Lookup {
    names: HashMap<&'static str, (usize, usize)>,
    names_in: HashMap<&'static str, Vec<(usize, usize)>>,
    extensions: HashMap<&'static str, Vec<(usize, usize)>>,
    folders: HashMap<&'static str, Vec<(usize, usize)>>,
    stems: HashMap<&'static str, (usize, usize)>,
}

static LOOKUP: LazyLock<Lookup> = LazyLock::new(|| {
    let mut lookup = Lookup::default();
    for (format, entry) in FORMATS.iter().enumerate() {
        for (rank, file) in entry.files.iter().enumerate() {
            match file {
                File::Name(name) => {
                    lookup.names.entry(name).or_insert((format, rank));
                }
                File::Extension(word, _) => lookup.extensions.entry(word).or_default().push((format, rank)),
                File::Stem(word) => {
                    lookup.stems.entry(word).or_insert((format, rank));
                }
                File::NameIn(name, _) => lookup.names_in.entry(name).or_default().push((format, rank)),
                File::Folder(name, _) => lookup.folders.entry(name).or_default().push((format, rank)),
                File::Text(..) => {}
            }
        }
    }
    lookup
});

/// The format of a file by its name in lower case and its path, and which of the format's files it is. Takes the same
/// time for any number of formats.
fn format_of(name: &str, path: &RelPath) -> Option<(usize, usize)> {
    if let Some(&found) = LOOKUP.names.get(name) {
        return Some(found);
    }
    let wanted = |&(format, rank): &(usize, usize)| match &FORMATS[format].files[rank] {
        File::Extension(_, wanted) => wanted(name, path),
        File::NameIn(_, wanted) | File::Folder(_, wanted) => wanted(path),
        File::Name(_) | File::Stem(_) | File::Text(..) => false,
    };
    let folder = path.as_str().rsplit('/').nth(1).and_then(|folder| LOOKUP.folders.get(folder));
    let extension = name.rsplit_once('.').and_then(|(_, extension)| LOOKUP.extensions.get(extension));
    [LOOKUP.names_in.get(name), folder, extension]
        .into_iter()
        .flatten()
        .find_map(|candidates| candidates.iter().copied().find(wanted))
        .or_else(|| LOOKUP.stems.get(stem(name)?).copied())
        .or_else(|| renamed(name))
}

/// What stands in front of the ending of a name, or of its last part where it has none (`dockerfile-alpine`).
fn stem(name: &str) -> Option<&str> {
    Some(name.split_once('.').or_else(|| name.split_once(['-', '_']))?.0)
}

/// The format of a lock file under a name of its own (`legacy-package-lock.json`). It comes behind all names of the
/// format, so that it binds only where no proper one lies.
fn renamed(name: &str) -> Option<(usize, usize)> {
    let rests = name.match_indices(['-', '_', '.']).map(|(at, _)| &name[at + 1..]);
    let found = rests.filter(|rest| rest.contains("lock")).find_map(|rest| LOOKUP.names.get(rest));
    found.map(|&(format, _)| (format, usize::MAX))
}

/// The format that is known by a text which a file with this ending holds.
fn format_with(text: &str, ending: &str) -> Option<usize> {
    let is = |file: &File| matches!(file, File::Text(known, endings) if *known == text && endings.contains(&ending));
    FORMATS.iter().position(|format| format.files.iter().any(is))
}

/// What stands behind the last dot of a name; empty where there is none.
fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Whether the name of a file, in lower case, and its path tell its format.
pub(super) fn is_named(name: &str, path: &RelPath) -> bool {
    format_of(name, path).is_some()
}

/// Whether a file of this name, in lower case, may be one that is known by a text it holds.
pub(super) fn may_hold(name: &str) -> bool {
    static ENDINGS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let texts = FORMATS.iter().flat_map(|format| format.files).filter_map(|file| match file {
            File::Text(_, endings) => Some(*endings),
            _ => None,
        });
        texts.flatten().copied().collect()
    });
    ENDINGS.contains(ending(name))
}

/// Reads manifests and lock files, and assembles components.
pub struct Packages;

impl Collector for Packages {
    fn id(&self) -> &'static str {
        "packages"
    }

    fn summary(&self) -> &'static str {
        "Manifests and lock files of package managers, read without running any of them, and the components, scopes and edges that follow."
    }

    fn interest(&self) -> Interest {
        // A manifest with a NUL byte is still a manifest, and worth a note.
        Interest {
            keywords: TEXTS,
            // Any list may be taken in by a requirements file.
            names: |name, path| is_named(name, path) || name.ends_with(".txt"),
            binary: true,
            ..Interest::NONE
        }
    }

    fn collect(&self, file: &SourceFile<'_>, hits: &[Hit], out: &mut Vec<Evidence>) {
        if let Some((format, _)) = format_of(file.name, file.path) {
            return (FORMATS[format].read)(file, out);
        }
        let texts: BTreeSet<&str> =
            hits.iter().filter_map(|hit| TEXTS.get(usize::from(hit.keyword)).copied()).collect();
        // One format may be known by several texts.
        let ending = ending(file.name);
        let formats: BTreeSet<usize> = texts.into_iter().filter_map(|text| format_with(text, ending)).collect();
        if formats.is_empty() && file.name.ends_with(".txt") && *file.kind != FileKind::Binary {
            python::requirements::read_unnamed(file, out);
        }
        for format in formats {
            (FORMATS[format].read)(file, out);
        }
    }

    fn assemble(&self, inventory: &mut Inventory) {
        assemble(inventory);
    }
}

/// Asks cargo about the `Cargo.lock` files of the inventory, whose paths are relative to `root`, and assembles the
/// components again.
pub fn resolve_cargo(inventory: &mut Inventory, root: &std::path::Path) {
    cargo::resolve(inventory, root);
    assemble(inventory);
}

/// What a file that lies in no checkout says of the package that it describes: a manifest as its format is read, or the
/// description of what is installed. `name` is what the format goes by; the bytes are taken as UTF-8, as registries ask.
pub(crate) fn describe(name: &str, bytes: &[u8]) -> Option<Manifest> {
    let text = String::from_utf8_lossy(bytes);
    let found = super::source::show(name, &text, |file| {
        let mut out = Vec::new();
        Packages.collect(file, &[], &mut out);
        out
    });
    found.into_iter().find_map(|evidence| match evidence {
        Evidence::Manifest(manifest) => Some(*manifest),
        // What is installed is read as a lock of one package.
        Evidence::Lock(lock) => {
            let ecosystem = lock.ecosystem.clone();
            let package = lock.packages.into_iter().next()?;
            let place = Place::file(lock.place.path);
            Some(Manifest {
                name: Some(package.name),
                version: Some(package.version),
                license: package.license.map(|text| LicenseField { text, place: place.clone(), spdx: false }),
                ..Manifest::new(place, ecosystem)
            })
        }
        _ => None,
    })
}

/// Joins the manifests and locks of the inventory to components. Running it again, after a lock was replaced, starts
/// afresh.
pub fn assemble(inventory: &mut Inventory) {
    assemble::empty_files(inventory);
    assemble::vendored_manifests(inventory);
    for resolve in RESOLVERS {
        resolve(inventory);
    }
    assemble::packages(inventory);
}
