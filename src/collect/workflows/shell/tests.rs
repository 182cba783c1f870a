//! Tests of what is told apart in scripts.

use proptest::prelude::*;

use super::*;

fn words(commands: &[Command]) -> Vec<String> {
    commands.iter().map(|c| c.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn commands_are_told_apart() {
    let script = "set -e\nif ! foo; then bar && baz || qux; fi # no\nfor x in a b; do run \"$x\"; done\n\
                  A=1 B=$(inner arg) prog \\\n  --flag 'a b' \"c\"\ncase $1 in\n  a) one ;;\n  *) two ;;\nesac\n\
                  f() { deep; }\n(sub | piped)\n";
    let expected = [
        "set -e",
        "foo",
        "bar",
        "baz",
        "qux",
        "run $x",
        "inner arg",
        "prog --flag a b c",
        "one",
        "two",
        "deep",
        "sub",
        "piped",
    ];
    assert_eq!(words(&bash(script)), expected);
}

#[test]
fn pipes_redirects_and_substitutions_are_kept() {
    let script = "curl -s x | sudo bash\ncat > /tmp/f <<EOF\nnot a command\nEOF\nbash <(wget -qO- u)\necho x >> \"$GITHUB_ENV\" 2>&1\n";
    let commands = bash(script);
    assert_eq!(words(&commands), ["curl -s x", "sudo bash", "cat", "wget -qO- u", "bash ", "echo x"]);
    assert_eq!((commands[1].reads, commands[1].is_piped, commands[0].is_piped), (Some(0), true, true));
    assert_eq!(commands[2].redirects[0].target.text, "/tmp/f");
    assert_eq!(commands[4].words[1].substitutes, Some(3));
    let redirect = &commands[5].redirects;
    assert_eq!((redirect.len(), redirect[0].target.variables.as_slice()), (1, &["GITHUB_ENV".to_owned()][..]));
}

#[test]
fn words_know_how_they_are_written() {
    let forms = |script: &str| bash(script).last().unwrap().words.iter().skip(1).map(|w| w.form).collect::<Vec<_>>();
    let (bare, quoted, expanded, mixed) = (Form::Bare, Form::Quoted, Form::Expanded, Form::Mixed);
    assert_eq!(
        forms("echo a 'b c' \"d\" $e \"f $g\" h\"i\" $(j) ${k:-x}"),
        [bare, quoted, quoted, expanded, expanded, mixed, expanded, expanded]
    );
    assert_eq!(forms("echo ${{ a.b }} \"x${{ c }}\""), [expanded, expanded]);
    assert_eq!(forms("[ 1 ]"), [bare, bare]);
}

#[test]
fn powershell_is_told_apart() {
    let script = "Write-Host \"a\" | Out-File -Append $env:GITHUB_ENV\nif ($x) { npm install foo } # no\n\
                  & git push `\n  origin\n\"x=$y\" >> $env:GITHUB_PATH\n";
    let commands = powershell(script);
    let expected = [
        "Write-Host a",
        "Out-File -Append $env:GITHUB_ENV",
        "if",
        "$x",
        "npm install foo",
        "git push origin",
        "x=$y",
    ];
    assert_eq!(words(&commands), expected);
    assert_eq!(commands[1].words[2].variables, ["env:GITHUB_ENV"]);
    assert_eq!(commands[6].redirects[0].target.variables, ["env:GITHUB_PATH"]);
}

proptest! {
    #[test]
    fn any_script_is_read_without_panic(script in "[ -~\\n\\té]{0,120}") {
        for command in bash(&script).iter().chain(&powershell(&script)) {
            prop_assert!(script.get(command.span.clone()).is_some(), "{:?}", command);
            for word in &command.words {
                prop_assert!(script.get(word.span.clone()).is_some());
            }
        }
    }

    #[test]
    fn texts_like_scripts_are_read_without_panic(parts in prop::collection::vec("(a|'|\"|`|\\$\\(|\\)|\\(|\\$\\{|\\}|<<E|\\n|;|&&|\\||>|<\\(|case|in|\\[\\[|\\]\\]| |\\\\)", 0..40)) {
        let script = parts.concat();
        for command in bash(&script).iter().chain(&powershell(&script)) {
            prop_assert!(script.get(command.span.clone()).is_some(), "{:?}", command);
        }
    }
}
