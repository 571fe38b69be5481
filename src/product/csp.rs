//! What a page's Content-Security-Policy has to allow for a product's snippets, and what one that exists lacks.
//!
//! Whether a policy allows something is asked of a library that follows the specification (CSP Level 3), before and after
//! the advice: what is shown as enough has been tried.

use serde::{Deserialize, Serialize};

/// What a page loads of the SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loaded<'a> {
    /// The element's file, which imports the core beside it: `pricing.js`.
    pub file: &'a str,
    /// Whether it also asks a hidden frame of ours who was signed in before a reload.
    pub frame: bool,
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
    use super::{BEGINNING, LONGEST, Loaded, NONCE, PolicyAdvice, PolicyNeed, PolicyWarning};
    use crate::{Error, Result};
    use content_security_policy::{
        CspList, Destination, Directive, Initiator, ParserMetadata, Policy, PolicyDisposition, PolicySource, Request, Violates,
    };
    use url::{Host, Origin, Url};

    /// What scripts, and calls of whatever they make, are governed by, from the nearest on.
    const SCRIPTS: &[&str] = &["script-src-elem", "script-src", "default-src"];
    const CALLS: &[&str] = &["connect-src", "default-src"];
    const FRAMES: &[&str] = &["frame-src", "child-src", "default-src"];

    /// What a page needs that loads this from `url`, judged by `given`: a header's value, its whole line, a `meta` element, or
    /// nothing, for a page that has no policy yet.
    ///
    /// # Errors
    /// 422 `invalid_field` on `policy` for what is none or longer than 4,000 bytes.
    pub fn advise(given: &str, url: &str, loaded: Loaded<'_>) -> Result<PolicyAdvice> {
        let mut list = read(given)?;
        let page = Page { url: Url::parse(url).map_err(Error::internal)?, loaded };
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
        loaded: Loaded<'a>,
    }

    impl Page<'_> {
        fn needs(&self, list: &CspList) -> Vec<PolicyNeed> {
            let every = |met: &dyn Fn(&Policy) -> bool| list.0.iter().all(met);
            let need = |directive: &str, source, met| PolicyNeed { directive: directive.into(), source, met };
            // One source for all of them: a policy that wants a nonce wants it of each of its parts.
            let script = list.0.iter().find(|policy| !self.runs(policy)).map_or_else(|| self.origin(), |policy| self.script_source(policy));
            let mut needs = vec![
                need("script-src", script, every(&|policy| self.runs(policy))),
                need("connect-src", self.origin(), every(&|policy| self.connects(policy))),
            ];
            if self.loaded.frame {
                needs.push(need("frame-src", self.origin(), every(&|policy| self.frames(policy))));
            }
            needs
        }

        fn amend(&self, policy: &mut Policy) {
            if !self.runs(policy) {
                let source = self.script_source(policy);
                allow(policy, SCRIPTS, "script-src", source);
            }
            if !self.connects(policy) {
                allow(policy, CALLS, "connect-src", self.origin());
            }
            if self.loaded.frame && !self.frames(policy) {
                allow(policy, FRAMES, "frame-src", self.origin());
            }
        }

        fn origin(&self) -> String {
            self.url.origin().ascii_serialization()
        }

        /// Where `'strict-dynamic'` stands no host counts, and the script needs the nonce that the page's others have.
        fn script_source(&self, policy: &Policy) -> String {
            let strict = |at: usize| policy.directive_set[at].value.iter().any(|source| source.eq_ignore_ascii_case("'strict-dynamic'"));
            if governing(policy, SCRIPTS).is_some_and(strict) { format!("'nonce-{NONCE}'") } else { self.origin() }
        }

        /// Of somebody else's page: `'self'` is not us, and a source without a scheme has the page's.
        fn stranger(&self) -> Origin {
            Origin::Tuple(
                self.url.scheme().to_owned(),
                Host::Domain("page.invalid".to_owned()),
                self.url.port_or_known_default().unwrap_or(443),
            )
        }

        fn loads(&self, policy: &Policy, path: &str, kind: Request) -> bool {
            let Ok(url) = self.url.join(path) else { return false };
            policy.does_request_violate_policy(&Request { url: url.clone(), current_url: url, ..kind }) == Violates::DoesNotViolate
        }

        fn request(&self, destination: Destination, initiator: Initiator) -> Request {
            Request {
                url: self.url.clone(),
                current_url: self.url.clone(),
                origin: self.stranger(),
                redirect_count: 0,
                destination,
                initiator,
                nonce: String::new(),
                integrity_metadata: String::new(),
                parser_metadata: ParserMetadata::None,
            }
        }

        /// The element's file stands in the page, the core is imported by it and has its nonce. Whatever nonce the policy has, the page can
        /// give to this script as well.
        fn runs(&self, policy: &Policy) -> bool {
            let nonce = nonce(policy).unwrap_or_default();
            ["mintmark.js", self.loaded.file].iter().all(|file| {
                let kind = self.request(Destination::Script, Initiator::None);
                let kind = Request { nonce: nonce.to_owned(), parser_metadata: ParserMetadata::ParserInserted, ..kind };
                self.loads(policy, &format!("/sdk/v1/{file}"), kind)
            })
        }

        /// A policy may end in a path, so each place that the SDK asks is tried.
        fn connects(&self, policy: &Policy) -> bool {
            let places =
                ["config", "me", "messages", "sessions", "sessions/exchange", "sessions/refresh", "sessions/current", "magic-links"];
            places
                .iter()
                .chain(&["magic-links/redeem"])
                .all(|place| self.loads(policy, &format!("/embed/v1/{place}"), self.request(Destination::None, Initiator::Fetch)))
        }

        fn frames(&self, policy: &Policy) -> bool {
            self.loads(policy, "/popup/frame", self.request(Destination::IFrame, Initiator::None))
        }
    }

    /// The nonce that governs scripts, if there is one.
    fn nonce(policy: &Policy) -> Option<&str> {
        let directive = governing(policy, SCRIPTS)?;
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
    use super::{Loaded, PolicyWarning, advise};

    const URL: &str = "https://mint.example";
    const PRICING: Loaded<'_> = Loaded { file: "pricing.js", frame: false };
    const SIGN_IN: Loaded<'_> = Loaded { file: "sign-in.js", frame: true };

    /// Whether each of them is met: script, connect, and frame where there is one.
    fn met(policy: &str, loaded: Loaded<'_>) -> Vec<bool> {
        advise(policy, URL, loaded).expect("advice").needs.iter().map(|need| need.met).collect()
    }

    fn advised(policy: &str, loaded: Loaded<'_>) -> String {
        advise(policy, URL, loaded).expect("advice").policy
    }

    #[test]
    fn what_is_missing_is_added_where_it_counts_and_nothing_else_opens() {
        for (policy, after) in [
            ("", format!("default-src 'self'; script-src 'self' {URL}; connect-src 'self' {URL}")),
            ("default-src 'none'", format!("default-src 'none'; script-src {URL}; connect-src {URL}")),
            ("script-src 'self'", format!("script-src 'self' {URL}")),
            ("script-src-elem 'self'; script-src 'none'", format!("script-src-elem 'self' {URL}; script-src 'none'")),
            ("connect-src 'self'; img-src *", format!("connect-src 'self' {URL}; img-src *")),
            ("Content-Security-Policy: connect-src 'none'", format!("connect-src {URL}")),
            ("<meta http-equiv=\"Content-Security-Policy\" content=\"connect-src 'self'\">", format!("connect-src 'self' {URL}")),
            ("connect-src a.example, connect-src b.example", format!("connect-src a.example {URL}, connect-src b.example {URL}")),
            ("connect-src https://mint.example/elsewhere/", format!("connect-src https://mint.example/elsewhere/ {URL}")),
            ("script-src https://mint.example/sdk/v1/pricing.js", format!("script-src https://mint.example/sdk/v1/pricing.js {URL}")),
            ("script-src 'strict-dynamic' 'sha256-x'", "script-src 'strict-dynamic' 'sha256-x' 'nonce-RANDOM'".to_owned()),
        ] {
            assert_eq!(advised(policy, PRICING), after, "{policy}");
            assert_eq!(met(&after, PRICING), [true, true], "{after}");
            assert_eq!(advised(&after, PRICING), after, "advice on what was advised changes nothing");
        }
    }

    #[test]
    fn what_is_allowed_already_is_seen() {
        for (policy, script, connect) in [
            ("default-src *", true, true),
            ("default-src https:", true, true),
            ("connect-src *.example", true, true),
            ("connect-src https://mint.example/embed/", true, true),
            ("connect-src http://mint.example", true, true),
            ("connect-src https://mint.example:8443", true, false),
            ("script-src https://mint.example/sdk/", true, true),
            ("script-src 'nonce-abc'", true, true),
            ("script-src 'nonce-abc' 'strict-dynamic'", true, true),
            ("script-src 'unsafe-inline'", false, true),
            ("script-src 'self' 'report-sample'", false, true),
            ("img-src 'self'; style-src 'none'", true, true),
            ("require-trusted-types-for 'script'; trusted-types 'none'", true, true),
        ] {
            assert_eq!(met(policy, PRICING), [script, connect], "{policy}");
        }
    }

    #[test]
    fn a_frame_is_allowed_where_one_is_asked_and_nowhere_else() {
        assert_eq!(
            advised("default-src 'none'", SIGN_IN),
            format!("default-src 'none'; script-src {URL}; connect-src {URL}; frame-src {URL}")
        );
        assert_eq!(advised("child-src 'self'", SIGN_IN), format!("child-src 'self' {URL}"));
        assert_eq!(met("frame-src https://mint.example/popup/", SIGN_IN), [true, true, true]);
        assert_eq!(met("frame-src 'none'", SIGN_IN), [true, true, false]);
        assert_eq!(met("frame-src 'none'", PRICING), [true, true]);
    }

    #[test]
    fn a_sandbox_without_an_origin_is_warned_of() {
        let warnings = |policy| advise(policy, URL, PRICING).expect("advice").warnings;
        assert_eq!(warnings("sandbox allow-scripts"), [PolicyWarning::NoOrigin]);
        assert_eq!(warnings("sandbox"), [PolicyWarning::NoScripts, PolicyWarning::NoOrigin]);
        assert_eq!(warnings("sandbox allow-scripts allow-same-origin"), []);
        assert_eq!(warnings("default-src 'self'"), []);
    }

    #[test]
    fn what_is_no_policy_is_refused_at_its_field() {
        for text in ["{\"a\": 1}", "<script>alert(1)</script>", "connect-src 'self' \u{2014}", ";;;", &"a".repeat(4_001)] {
            let refused = advise(text, URL, PRICING).expect_err(text);
            assert_eq!(refused.problem().field.as_deref(), Some("policy"), "{text}");
        }
    }
}
