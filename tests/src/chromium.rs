//! A headless Chromium driven over its DevTools protocol: opens a page, runs script in it, takes pictures of it.
//!
//! Only what the tests of the viewer need; it is no browser automation library.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, net::TcpStream, os::unix::process::CommandExt};

use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket};

/// Waiting for longer means that it never comes.
const LIMIT: Duration = Duration::from_secs(30);

/// A browser with one page; both end with it.
pub struct Chromium {
    process: Process,
    profile: TempDir,
    socket: WebSocket<TcpStream>,
    session: Option<String>,
    next: u64,
    complaints: Vec<String>,
}

impl Chromium {
    /// Starts a browser with nothing of an earlier one in it, and opens an empty page.
    ///
    /// # Panics
    /// When there is no Chromium, or it does not answer.
    pub fn start() -> Chromium {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let process = Command::new(program())
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("chromium starts; its Debian package is `chromium`");
        let process = Process(process);
        let (port, path) = debugger(&profile);
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("chromium listens");
        stream.set_read_timeout(Some(LIMIT)).expect("a socket");
        let (socket, _) =
            tungstenite::client(format!("ws://127.0.0.1:{port}{path}"), stream).expect("a DevTools session");
        let (session, next, complaints) = (None, 0, Vec::new());
        let mut browser = Chromium { process, profile, socket, session, next, complaints };
        let target = browser.call("Target.createTarget", &json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let attached = browser.call("Target.attachToTarget", &attach);
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page.enable", "Runtime.enable", "Log.enable"] {
            browser.call(domain, &json!({}));
        }
        browser
    }

    /// Opens an address in a window of this size.
    pub fn open(&mut self, url: &str, width: u32, height: u32) {
        self.resize(width, height);
        let opened = self.call("Page.navigate", &json!({"url": url}));
        assert!(opened["errorText"].is_null(), "{url}: {opened}");
    }

    /// Gives the window another size.
    pub fn resize(&mut self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", &metrics);
    }

    /// The value of an expression in the page; promises are waited for.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.call("Runtime.evaluate", &asked);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].take()
    }

    /// The same as if somebody had clicked: what a page may do only then (full screen).
    pub fn click(&mut self, selector: &str) {
        let expression = format!("document.querySelector({}).click()", json!(selector));
        let answer = self.call("Runtime.evaluate", &json!({"expression": expression, "userGesture": true}));
        assert!(answer["exceptionDetails"].is_null(), "{selector}: {answer}");
    }

    /// Waits until an expression in the page is true.
    #[track_caller]
    pub fn wait_until(&mut self, expression: &str) {
        let start = Instant::now();
        while self.evaluate(expression) != Value::Bool(true) {
            assert!(start.elapsed() < LIMIT, "waited {LIMIT:?} in vain: {expression}");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// What the window shows, as PNG.
    pub fn screenshot(&mut self) -> Vec<u8> {
        let taken = self.call("Page.captureScreenshot", &json!({"format": "png"}));
        let text = taken["data"].as_str().expect("a picture");
        data_encoding::BASE64.decode(text.as_bytes()).expect("base64")
    }

    /// What the console has complained about so far: errors, warnings, exceptions.
    pub fn complaints(&mut self) -> Vec<String> {
        // Everything said before the answer to this one has then arrived.
        self.evaluate("0");
        std::mem::take(&mut self.complaints)
    }

    /// Calls a method of the protocol.
    fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.next += 1;
        let id = self.next;
        let mut message = json!({"id": id, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(message.to_string())).expect("chromium listens");
        loop {
            let Message::Text(text) = self.socket.read().expect("chromium answers") else { continue };
            let mut heard: Value = serde_json::from_str(&text).expect("JSON");
            if heard["id"] == id {
                assert!(heard["error"].is_null(), "{method}: {heard}");
                return heard["result"].take();
            }
            self.note(&heard);
        }
    }

    fn note(&mut self, event: &Value) {
        let said = &event["params"];
        let is_complaint = match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => true,
            Some("Runtime.consoleAPICalled") => {
                ["error", "warning", "assert"].iter().any(|kind| said["type"] == *kind)
            }
            Some("Log.entryAdded") => {
                ["error", "warning"].iter().any(|level| said["entry"]["level"] == *level)
            }
            _ => false,
        };
        if is_complaint {
            self.complaints.push(said.to_string());
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        self.process.end();
        // Its last helpers may still write there for a moment; what stays is in the system's temporary folder.
        let _ = fs::remove_dir_all(self.profile.path());
    }
}

/// The browser with all its helpers; they end when it is dropped.
struct Process(Child);

impl Process {
    fn end(&mut self) {
        let group = nix::unistd::Pid::from_raw(self.0.id() as i32);
        if matches!(self.0.try_wait(), Ok(None)) {
            // It may end between the two lines, which is what is wanted.
            let _ = nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL);
            let _ = self.0.wait();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

fn program() -> PathBuf {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let found = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let found = found.into_iter().find(|program| program.exists());
    found.expect("the viewer is tested in Chromium: install the package `chromium`")
}

/// Where the browser listens: it writes that into its profile.
fn debugger(profile: &TempDir) -> (u16, String) {
    let file = profile.path().join("DevToolsActivePort");
    let start = Instant::now();
    loop {
        let text = fs::read_to_string(&file).unwrap_or_default();
        if let Some((port, path)) = text.trim_end().split_once('\n') {
            return (port.parse().expect("a port"), path.to_owned());
        }
        assert!(start.elapsed() < LIMIT, "chromium does not start");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}
