//! The facts of an outgoing call while its span is open, whatever its conventions.

use super::database::{DatabaseCallFacts, DatabaseView};
use super::http_client::{HttpClientFacts, HttpClientView, RareHttpClientFacts};
use super::rpc::{RpcCallFacts, RpcView};
use super::texts::{TextBase, TextRange, Texts};
use super::{FactsView, OpenFacts, RareFacts, SpanFacts};
use crate::database::{DatabaseFacts, Statement};
use crate::http::client::{BodySize, call_error};
use crate::http::error_type::ErrorType;
use crate::http::method::RequestMethod;
use crate::http::settings::HttpSettings;
use crate::http::{ClientRequestFacts, ClientResponseFacts};

/// The facts of an outgoing call while its span is open.
#[derive(Debug, Default)]
pub(crate) struct OpenCallFacts {
    /// `None` if there is no call.
    facts: Option<SpanFacts>,
    texts: Texts,
    rare: Option<RareFacts>,
}

impl OpenCallFacts {
    /// The facts so far, for a provider that takes attributes.
    pub(crate) fn view(&self) -> Option<FactsView<'_>> {
        Some(FactsView::new(self.facts.as_ref()?, self.texts.at(TextBase::START), self.rare.as_ref()))
    }

    /// Prepares for the next call.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.facts = None;
        self.texts.clear();
        self.rare = None;
    }
}

impl OpenFacts for OpenCallFacts {
    #[inline]
    fn facts(&self) -> Option<(&SpanFacts, &Texts)> {
        Some((self.facts.as_ref()?, &self.texts))
    }

    #[inline]
    fn take_rare(&mut self, is_needed_again: bool) -> Option<RareFacts> {
        if is_needed_again { self.rare.clone() } else { self.rare.take() }
    }
}

/// Outgoing HTTP requests.
impl OpenCallFacts {
    /// Copies the parts of the request that the settings ask for.
    #[inline]
    pub(crate) fn start_http(
        &mut self,
        facts: &ClientRequestFacts<'_>,
        method: RequestMethod<'_>,
        settings: &'static HttpSettings,
    ) {
        self.facts = Some(SpanFacts::HttpClient(HttpClientFacts::new(facts, method, settings, &mut self.texts)));
        if !settings.client_headers.request.is_empty() {
            self.rare_http(|rare| settings.client_headers.of_request(facts.headers, &mut rare.request_headers));
        }
        if settings.body_sizes {
            self.rare_http(|rare| rare.request_body = facts.body_size);
        }
    }

    /// Sets the facts of the response head.
    #[inline]
    pub(crate) fn set_http_response(&mut self, response: &ClientResponseFacts<'_>) {
        let Some(SpanFacts::HttpClient(facts)) = &mut self.facts else { return };
        facts.response = Some((response.status, response.version));
        // After a redirect to another server the peer is not the server of the URL.
        let is_redirected = |answered| self.texts.own(facts.authority) != Some(answered);
        facts.peer = response.peer.filter(|_| !response.authority.is_some_and(is_redirected));
        let (headers, method) = (&facts.settings.client_headers, facts.method.unwrap_or_default());
        if facts.settings.body_sizes {
            self.rare_http(|rare| rare.response_body = BodySize::of_head(method, response));
        }
        if !headers.response.is_empty() {
            self.rare_http(|rare| headers.of_response(response.headers, &mut rare.response_headers));
        }
    }

    /// Adds bytes of the response body that were read, if the settings ask for its size.
    #[inline]
    pub(crate) fn add_http_response_body(&mut self, bytes: u64) {
        if matches!(&self.facts, Some(SpanFacts::HttpClient(facts)) if facts.settings.body_sizes) {
            self.rare_http(|rare| rare.response_body.add(bytes));
        }
    }

    /// Sets the reason why the request failed, if it did. `failure` is the reason why there is no response, or only a part of
    /// it. `is_whole` is `true` if the body of the response was read to its end.
    #[inline]
    pub(crate) fn end_http(&mut self, failure: Option<&'static str>, is_whole: bool) -> Option<ErrorType> {
        let Some(SpanFacts::HttpClient(facts)) = &mut self.facts else { return None };
        let error_type = call_error(facts.response.map(|(status, _)| status), failure);
        facts.error_type = error_type;
        if facts.settings.body_sizes && !is_whole {
            self.rare_http(|rare| rare.response_body = rare.response_body.of_part(failure.is_some()));
        }
        error_type
    }

    /// The view of a request, for its metrics.
    #[inline]
    pub(crate) fn http(&self) -> Option<HttpClientView<'_>> {
        match self.view()? {
            FactsView::HttpClient(view) => Some(view),
            _ => None,
        }
    }

    #[cold]
    fn rare_http(&mut self, change: impl FnOnce(&mut RareHttpClientFacts)) {
        let rare = self.rare.get_or_insert(RareFacts::HttpClient(RareHttpClientFacts::NONE));
        if let RareFacts::HttpClient(rare) = rare {
            change(rare);
        }
    }
}

/// Calls to databases.
impl OpenCallFacts {
    /// Copies the facts of a call. `statement` is the recorded form of its query.
    #[inline]
    pub(crate) fn start_database(&mut self, facts: &DatabaseFacts<'_>, statement: Option<&Statement>) {
        self.facts = Some(SpanFacts::Database(DatabaseCallFacts::new(facts, statement, &mut self.texts)));
    }

    /// Sets the number of rows that the database returned.
    pub(crate) fn set_returned_rows(&mut self, rows: u64) {
        if let Some(SpanFacts::Database(facts)) = &mut self.facts {
            facts.returned_rows = Some(rows);
        }
    }

    /// Sets the reason why the call failed: the database's own code, or a class of error.
    pub(crate) fn set_database_error(&mut self, error_type: &'static str, status_code: Option<&str>) {
        if let Some(SpanFacts::Database(facts)) = &mut self.facts {
            facts.error_type = Some(error_type);
            facts.status_code = status_code.map_or(TextRange::NONE, |code| self.texts.push(code));
        }
    }

    /// The view of a database call, for its metrics.
    #[inline]
    pub(crate) fn database(&self) -> Option<DatabaseView<'_>> {
        match self.view()? {
            FactsView::Database(view) => Some(view),
            _ => None,
        }
    }
}

/// Remote procedure calls.
impl OpenCallFacts {
    /// Copies the facts of a call.
    pub(crate) fn start_rpc(&mut self, system: &'static str, method: &str, server: Option<&str>, port: Option<u16>) {
        self.facts = Some(SpanFacts::Rpc(RpcCallFacts::new(system, method, server, port, &mut self.texts)));
    }

    /// Sets the status code of the response.
    pub(crate) fn set_rpc_status(&mut self, code: &str) {
        if let Some(SpanFacts::Rpc(facts)) = &mut self.facts {
            facts.status_code = self.texts.push(code);
        }
    }

    /// Sets the reason why the call failed.
    pub(crate) fn set_rpc_error(&mut self, error_type: &'static str) {
        if let Some(SpanFacts::Rpc(facts)) = &mut self.facts {
            facts.error_type = Some(error_type);
        }
    }

    /// The view of a remote procedure call, for its metrics.
    pub(crate) fn rpc(&self) -> Option<RpcView<'_>> {
        match self.view()? {
            FactsView::Rpc(view) => Some(view),
            _ => None,
        }
    }
}
