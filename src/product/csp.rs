//! What a page's Content-Security-Policy has to allow for a product's snippets, and what one that exists lacks.
//!
//! Whether a policy allows something is asked of a library that follows the specification (CSP Level 3), before and after
//! the advice: what is shown as enough has been tried.

use serde::{Deserialize, Serialize};

/// How the page's inline script is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script<'a> {
    /// It stands in the page as it is here, so its hash will do.
    Fixed(&'a str),
    /// It differs from answer to answer, so it needs a nonce.
    Rendered,
}

/// One thing that a page's policy has to allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyNeed {
    /// The directive to write it into: `connect-src`.
    pub directive: String,
    /// What to write there.
    pub source: String,
    /// Whether the policy allows it as it stands.
    pub met: bool,
}

/// What keeps a widget from working although every source is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PolicyWarning {
    /// `sandbox` without `allow-same-origin`: browsers send `Origin: null`, which no list can have.
    NoOrigin,
    /// `sandbox` without `allow-scripts`.
    NoScripts,
}

/// What to change, and the policy after the change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyAdvice {
    /// In the order in which they matter.
    pub needs: Vec<PolicyNeed>,
    /// The whole of it, as the header's value.
    pub policy: String,
    /// What no source can mend.
    pub warnings: Vec<PolicyWarning>,
}

/// Stands for the nonce that the page's backend draws anew for each answer.
#[cfg(feature = "db")]
const NONCE: &str = "RANDOM";
/// What a page without a policy may begin with.
#[cfg(feature = "db")]
const BEGINNING: &str = "default-src 'self'";
/// The most of a policy that is read, in bytes.
#[cfg(feature = "db")]
const LONGEST: usize = 4_000;

#[cfg(feature = "db")]
pub use judge::advise;

#[cfg(feature = "db")]
mod judge {
    use super::{BEGINNING, LONGEST, NONCE, PolicyAdvice, PolicyNeed, PolicyWarning, Script};
    use crate::{Error, Result, secret::Digest};
    use base64::{Engine, prelude::BASE64_STANDARD};
    use content_security_policy::{
        CheckResult, CspList, Destination, Directive, Element, Initiator, InlineCheckType, ParserMetadata, Policy, PolicyDisposition,
        PolicySource, Request, Violates,
    };
    use url::{Host, Origin, Url};

    /// What a page needs whose snippets ask `url`, judged by `given`: a header's value, its whole line, a `meta` element, or
    /// nothing, for a page that has no policy yet.
    ///
    /// # Errors
    /// 422 `invalid_field` on `policy` for what is none or longer than 4,000 bytes.
    pub fn advise(given: &str, url: &str, script: Script<'_>) -> Result<PolicyAdvice> {
        let mut list = read(given)?;
        let page = Page { url: Url::parse(url).map_err(Error::internal)?, script };
        let needs = page.needs(&list);
        for policy in &mut list.0 {
            page.amend(policy);
        }
        let left: Vec<_> = page.needs(&list).into_iter().filter(|need| !need.met).collect();
        if !left.is_empty() {
            return Err(Error::internal(format!("the advised policy still refuses {left:?}")));
        }
        Ok(PolicyAdvice { needs, warnings: warnings(&list), policy: list.0.iter().map(Policy::to_string).collect::<Vec<_>>().join(", ") })
    }

    fn read(given: &str) -> Result<CspList> {
        let refused = |why: &'static str| Error::invalid("policy", why);
        if given.len() > LONGEST {
            return Err(refused("A policy has at most 4,000 characters here."));
        }
        let text = value(given.trim());
        if !text.is_ascii() || text.chars().any(|c| c.is_control() && !c.is_ascii_whitespace()) {
            return Err(refused("A policy has ASCII characters alone."));
        }
        let text = if text.trim().is_empty() { BEGINNING } else { text };
        let list = CspList::parse(text, PolicySource::Header, PolicyDisposition::Enforce);
        let named = |directive: &Directive| directive.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if list.0.is_empty() || !list.0.iter().all(|policy| policy.directive_set.iter().all(named)) {
            return Err(refused("This is not a Content-Security-Policy: directives with their sources, separated by semicolons."));
        }
        Ok(list)
    }

    /// Without the header's name, or the element around it.
    fn value(text: &str) -> &str {
        let lower = text.to_ascii_lowercase();
        if lower.starts_with("<meta")
            && let Some(at) = lower.find("content=\"").map(|at| at + "content=\"".len())
            && let Some(length) = text[at..].find('"')
        {
            return &text[at..at + length];
        }
        match text.split_once(':') {
            Some((name, rest)) if name.trim().to_ascii_lowercase().starts_with("content-security-policy") => rest,
            _ => text,
        }
    }

    /// The page that is imagined.
    struct Page<'a> {
        url: Url,
        script: Script<'a>,
    }

    impl Page<'_> {
        fn needs(&self, list: &CspList) -> Vec<PolicyNeed> {
            let connect = list.0.iter().all(|policy| self.connects(policy));
            let script = list.0.iter().all(|policy| self.runs(policy));
            vec![
                PolicyNeed { directive: "connect-src".into(), source: self.origin(), met: connect },
                PolicyNeed { directive: "script-src".into(), source: self.source(), met: script },
            ]
        }

        fn amend(&self, policy: &mut Policy) {
            if !self.connects(policy) {
                allow(policy, &["connect-src", "default-src"], "connect-src", self.origin());
            }
            if !self.runs(policy) {
                allow(policy, &["script-src-elem", "script-src", "default-src"], "script-src", self.source());
            }
        }

        fn origin(&self) -> String {
            self.url.origin().ascii_serialization()
        }

        /// Of somebody else's page: `'self'` is not us, and a source without a scheme has the page's.
        fn stranger(&self) -> Origin {
            Origin::Tuple(
                self.url.scheme().to_owned(),
                Host::Domain("page.invalid".to_owned()),
                self.url.port_or_known_default().unwrap_or(443),
            )
        }

        fn source(&self) -> String {
            match self.script {
                Script::Fixed(text) => format!("'sha256-{}'", BASE64_STANDARD.encode(Digest::of(text.as_bytes()).as_bytes())),
                Script::Rendered => format!("'nonce-{NONCE}'"),
            }
        }

        /// A policy may end in a path, so each place that the snippets ask is tried.
        fn connects(&self, policy: &Policy) -> bool {
            ["config", "me", "sessions/exchange", "sessions/refresh", "sessions/current", "magic-links", "magic-links/redeem"].iter().all(
                |place| {
                    let Ok(url) = self.url.join(&format!("/embed/v1/{place}")) else { return false };
                    let request = Request {
                        current_url: url.clone(),
                        url,
                        origin: self.stranger(),
                        redirect_count: 0,
                        destination: Destination::None,
                        initiator: Initiator::Fetch,
                        nonce: String::new(),
                        integrity_metadata: String::new(),
                        parser_metadata: ParserMetadata::None,
                    };
                    policy.does_request_violate_policy(&request) == Violates::DoesNotViolate
                },
            )
        }

        fn runs(&self, policy: &Policy) -> bool {
            let (nonce, text) = match self.script {
                Script::Fixed(text) => (None, text),
                // Whatever nonce the policy has, the page can give to this script as well.
                Script::Rendered => (Some(nonce(policy).unwrap_or(NONCE)), ""),
            };
            let element = Element { nonce: nonce.map(Into::into) };
            // A sample of the script is of no use here, and the library cuts it by bytes.
            let mut policy = policy.clone();
            policy.directive_set.iter_mut().for_each(|directive| directive.value.retain(|source| source != "'report-sample'"));
            let alone = CspList(vec![policy]);
            alone.should_elements_inline_type_behavior_be_blocked(&element, InlineCheckType::Script, text).0 == CheckResult::Allowed
        }
    }

    /// The nonce that governs scripts, if there is one.
    fn nonce(policy: &Policy) -> Option<&str> {
        let directive = governing(policy, &["script-src-elem", "script-src", "default-src"])?;
        policy.directive_set[directive].value.iter().find_map(|source| source.strip_prefix("'nonce-")?.strip_suffix('\''))
    }

    /// The first of a chain that the policy has.
    fn governing(policy: &Policy, chain: &[&str]) -> Option<usize> {
        chain.iter().find_map(|name| policy.directive_set.iter().position(|directive| directive.name == *name))
    }

    /// Adds a source where it counts. What only `default-src` governed gets a directive of its own, so that nothing else opens.
    fn allow(policy: &mut Policy, chain: &[&str], own: &str, source: String) {
        let Some(at) = governing(policy, chain) else { return };
        let mut value = policy.directive_set[at].value.clone();
        value.retain(|present| !present.eq_ignore_ascii_case("'none'"));
        value.push(source);
        if policy.directive_set[at].name == "default-src" {
            policy.directive_set.push(Directive { name: own.to_owned(), value });
        } else {
            policy.directive_set[at].value = value;
        }
    }

    fn warnings(list: &CspList) -> Vec<PolicyWarning> {
        let boxes = || list.0.iter().flat_map(|policy| &policy.directive_set).filter(|directive| directive.name == "sandbox");
        let lacks = |token: &str| boxes().any(|directive| !directive.value.iter().any(|flag| flag.eq_ignore_ascii_case(token)));
        let all = [(PolicyWarning::NoScripts, "allow-scripts"), (PolicyWarning::NoOrigin, "allow-same-origin")];
        all.into_iter().filter(|(_, token)| lacks(token)).map(|(warning, _)| warning).collect()
    }
}

#[cfg(all(test, feature = "db"))]
mod tests {
    use super::{PolicyWarning, Script, advise};

    const URL: &str = "https://mint.example";
    const SCRIPT: &str = "alert(1)";
    /// Of `alert(1)`, as `openssl dgst -sha256 -binary | base64` says.
    const HASH: &str = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='";

    fn met(policy: &str, script: Script<'_>) -> (bool, bool) {
        let advice = advise(policy, URL, script).expect("advice");
        (advice.needs[0].met, advice.needs[1].met)
    }

    fn advised(policy: &str) -> String {
        advise(policy, URL, Script::Fixed(SCRIPT)).expect("advice").policy
    }

    #[test]
    fn what_is_missing_is_added_where_it_counts_and_nothing_else_opens() {
        for (policy, after) in [
            ("", format!("default-src 'self'; connect-src 'self' {URL}; script-src 'self' {HASH}")),
            ("default-src 'none'", format!("default-src 'none'; connect-src {URL}; script-src {HASH}")),
            ("script-src 'self'", format!("script-src 'self' {HASH}")),
            ("script-src-elem 'self'; script-src 'none'", format!("script-src-elem 'self' {HASH}; script-src 'none'")),
            ("connect-src 'self'; img-src *", format!("connect-src 'self' {URL}; img-src *")),
            ("Content-Security-Policy: connect-src 'none'", format!("connect-src {URL}")),
            ("<meta http-equiv=\"Content-Security-Policy\" content=\"connect-src 'self'\">", format!("connect-src 'self' {URL}")),
            ("connect-src a.example, connect-src b.example", format!("connect-src a.example {URL}, connect-src b.example {URL}")),
            ("connect-src https://mint.example/elsewhere/", format!("connect-src https://mint.example/elsewhere/ {URL}")),
        ] {
            assert_eq!(advised(policy), after, "{policy}");
            assert_eq!(met(&after, Script::Fixed(SCRIPT)), (true, true), "{after}");
            assert_eq!(advised(&after), after, "advice on what was advised changes nothing");
        }
    }

    #[test]
    fn what_is_allowed_already_is_seen() {
        for (policy, connect, script) in [
            ("default-src *", true, false),
            ("connect-src https:", true, true),
            ("connect-src *.example", true, true),
            ("connect-src https://mint.example/embed/", true, true),
            ("connect-src http://mint.example", true, true),
            ("connect-src https://mint.example:8443", false, true),
            ("script-src 'unsafe-inline'", true, true),
            ("script-src 'unsafe-inline' 'nonce-abc'", true, false),
            ("script-src 'self' 'report-sample'", true, false),
            ("img-src 'self'", true, true),
        ] {
            assert_eq!(met(policy, Script::Fixed(SCRIPT)), (connect, script), "{policy}");
        }
    }

    #[test]
    fn a_script_that_is_rendered_takes_the_nonce_that_there_is() {
        assert_eq!(met("script-src 'nonce-abc'", Script::Rendered), (true, true));
        let advice = advise("script-src 'self'", URL, Script::Rendered).expect("advice");
        assert_eq!(advice.policy, "script-src 'self' 'nonce-RANDOM'");
        assert!(!advice.needs[1].met);
    }

    #[test]
    fn a_sandbox_without_an_origin_is_warned_of() {
        let warnings = |policy| advise(policy, URL, Script::Fixed(SCRIPT)).expect("advice").warnings;
        assert_eq!(warnings("sandbox allow-scripts"), [PolicyWarning::NoOrigin]);
        assert_eq!(warnings("sandbox"), [PolicyWarning::NoScripts, PolicyWarning::NoOrigin]);
        assert_eq!(warnings("sandbox allow-scripts allow-same-origin"), []);
        assert_eq!(warnings("default-src 'self'"), []);
    }

    #[test]
    fn what_is_no_policy_is_refused_at_its_field() {
        for text in ["{\"a\": 1}", "<script>alert(1)</script>", "connect-src 'self' \u{2014}", ";;;", &"a".repeat(4_001)] {
            let refused = advise(text, URL, Script::Fixed(SCRIPT)).expect_err(text);
            assert_eq!(refused.problem().field.as_deref(), Some("policy"), "{text}");
        }
    }
}
