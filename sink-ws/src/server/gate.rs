//! The gate before every route: method, host, origin, token.
//!
//! Leaves out everything about pictures; what comes through may be answered.

use warp::http::{HeaderMap, Method, StatusCode, Uri, header};

use super::request::{header, parameter};
use crate::settings::Settings;

/// Files that are the same for everybody and say nothing about this machine.
const PUBLIC_PATHS: [&str; 5] = ["/viewer.js", "/viewer.css", "/favicon.svg", "/favicon.ico", "/healthz"];

/// Why a request is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It wants to change something.
    Method,
    /// It names a host that this server is not.
    Host,
    /// A page of another site sent it.
    Origin,
    /// It knows no token, or a wrong one.
    Token,
}

impl Refusal {
    /// The status to answer with.
    pub fn status(self) -> StatusCode {
        match self {
            Refusal::Method => StatusCode::METHOD_NOT_ALLOWED,
            Refusal::Host => StatusCode::MISDIRECTED_REQUEST,
            Refusal::Origin => StatusCode::FORBIDDEN,
            Refusal::Token => StatusCode::UNAUTHORIZED,
        }
    }

    /// What a person is told.
    pub fn message(self) -> &'static str {
        match self {
            Refusal::Method => "only GET and HEAD are answered here\n",
            Refusal::Host => {
                "this server does not go by that name; use its address, or its own name (also with .local or .lan)\n"
            }
            Refusal::Origin => "a page of another site may not read this\n",
            Refusal::Token => {
                "a token is needed: put ?token=... behind the address, or send it as Authorization: Bearer\n"
            }
        }
    }
}

/// Whether a request may be answered.
pub fn check(settings: &Settings, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
    if method != Method::GET && method != Method::HEAD {
        return Err(Refusal::Method);
    }
    let host = header(headers, header::HOST).ok_or(Refusal::Host)?;
    if !settings.hosts.allow(host) {
        return Err(Refusal::Host);
    }
    if headers.contains_key(header::ORIGIN) {
        let origin = header(headers, header::ORIGIN).ok_or(Refusal::Origin)?;
        let site = origin.split_once("://").map(|(_, site)| site);
        if !site.is_some_and(|site| site.eq_ignore_ascii_case(host)) {
            return Err(Refusal::Origin);
        }
    }
    match &settings.token {
        Some(token) if !PUBLIC_PATHS.contains(&uri.path()) => {
            let given = bearer(headers).or_else(|| parameter(uri.query().unwrap_or_default(), "token"));
            if given.is_some_and(|given| token.is(given)) { Ok(()) } else { Err(Refusal::Token) }
        }
        _ => Ok(()),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = header(headers, header::AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
