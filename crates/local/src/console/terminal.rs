//! The console at a terminal: the token is typed in, links and refusals are printed.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::process::{Command, Stdio};

use tokio::sync::mpsc;

use super::{Console, ConsoleError, Deployment, OperatorToken};

/// Runs a console until Ctrl-C. Without a token, the first line of standard input is one.
///
/// # Errors
/// [`ConsoleError`]: why it does not start or go on.
pub async fn run(deployment: Deployment, port: u16, token: Option<String>) -> Result<(), ConsoleError> {
    let _hidden = HiddenInput::start();
    let mut lines = lines();
    let name = deployment.to_string();
    let token = match token {
        Some(token) => token,
        None => {
            eprintln!("Paste an operator's access token for {name} and press Enter (it is not shown):");
            tokio::select! {
                line = lines.recv() => line.ok_or(ConsoleError::NoToken)?,
                interrupted = tokio::signal::ctrl_c() => return interrupted.map_err(ConsoleError::Terminal),
            }
        }
    };
    let mut console = Console::start(deployment, port, token.parse()?).await?;
    say(&format!("The operator's page for {name}\n\n  open {}\n", console.new_link()?));
    say(
        "Enter prints a new link, since each opens once. A pasted token replaces the present one. Ctrl-C stops the console.",
    );
    let mut has_input = true;
    let mut refusals = console.refusals();
    loop {
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => return interrupted.map_err(ConsoleError::Terminal),
            _ = console.tasks.join_next() => return Err(ConsoleError::Ended),
            Ok(()) = refusals.changed() => {
                let refusal = *refusals.borrow_and_update();
                if let Some(refusal) = refusal {
                    eprintln!("{name} {}. Paste a new one and press Enter:", refusal.reason());
                }
            }
            line = lines.recv(), if has_input => match line {
                Some(line) => take(&console, &line)?,
                None => has_input = false,
            },
        }
    }
}

/// An empty line asks for a link; any other is a token.
fn take(console: &Console, line: &str) -> Result<(), ConsoleError> {
    if line.trim().is_empty() {
        say(&format!("  open {}", console.new_link()?));
        return Ok(());
    }
    match line.parse::<OperatorToken>() {
        Ok(token) => {
            console.set_token(token);
            eprintln!("The token is replaced.");
        }
        Err(error) => eprintln!("{error}"),
    }
    Ok(())
}

/// The reader may have gone away, which does not stop the console.
fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// The lines of standard input, read by a thread of their own because a blocking read cannot be cancelled.
fn lines() -> mpsc::UnboundedReceiver<String> {
    let (sender, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// Shows nothing of what is typed, until dropped.
struct HiddenInput {
    /// The terminal's earlier settings, as `stty -g` prints them; `None` where there is no terminal.
    earlier: Option<String>,
}

impl HiddenInput {
    /// Also ends the editing of lines, which cuts them at 4,095 bytes: tokens can be longer.
    fn start() -> Self {
        let earlier = io::stdin().is_terminal().then(|| stty(&["-g"])).flatten();
        if earlier.is_some() {
            stty(&["-echo", "-icanon", "min", "1", "time", "0"]);
        }
        Self { earlier }
    }
}

impl Drop for HiddenInput {
    fn drop(&mut self) {
        if let Some(earlier) = &self.earlier {
            stty(&[earlier]);
        }
    }
}

fn stty(arguments: &[&str]) -> Option<String> {
    let output = Command::new("stty").args(arguments).stdin(Stdio::inherit()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
