//! The command: how it takes the token, and what it prints.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use local::stack::{Options, Stack};

use super::{client, operator, status};

/// The binary, killed when dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local"));
    command.arg("console").args(arguments).env_remove("OPERATOR_TOKEN");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[tokio::test]
async fn the_command_takes_the_token_from_standard_input_and_prints_links_but_no_token() {
    let stack = Stack::start(Options::without_seed()).await.unwrap();
    let token = stack.token(&operator());
    let mut running = Running(command(&["--api", &stack.endpoints().api]).spawn().unwrap());
    let mut input = running.0.stdin.take().unwrap();
    let mut output = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let mut link = || loop {
        let line = output.next().unwrap().unwrap();
        assert!(!line.contains(&token));
        if let Some(link) = line.trim().strip_prefix("open ") {
            return link.to_owned();
        }
    };
    writeln!(input, "{token}").unwrap();
    let first = link();
    writeln!(input).unwrap();
    let second = link();
    assert_ne!(first, second);
    let opened = client().get(&second).send().await.unwrap();
    let cookie = opened.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let origin = second.split("/open").next().unwrap();
    let rollout = client().get(format!("{origin}/v1/admin/rollout")).header("cookie", cookie);
    assert_eq!(status(rollout).await, 200);
    running.0.kill().unwrap();
    let mut told = String::new();
    running.0.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(told.contains("Paste an operator's access token") && !told.contains(&token), "{told}");
}

#[test]
fn the_command_says_what_is_wrong_with_its_address_or_token() {
    for (arguments, token, expected) in [
        (["--api", "http://api.example.com"], "a.b.c", "without encryption"),
        (["--api", "api.example.com"], "a.b.c", "is not the address of a deployment"),
        (["--api", "https://api.example.com"], "two words", "this is no access token"),
        (
            ["--api", "https://api.example.com"],
            "",
            "no token: give an operator's access token in OPERATOR_TOKEN",
        ),
    ] {
        let child = command(&arguments).env("OPERATOR_TOKEN", token).stdin(Stdio::null()).output().unwrap();
        let told = String::from_utf8(child.stderr).unwrap();
        assert!(!child.status.success() && told.contains(expected), "{arguments:?}: {told}");
    }
}
