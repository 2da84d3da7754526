package diagnose_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"postroom/session/diagnose"
	"postroom/session/endpoint"
	"postroom/session/psrp"
	"postroom/session/wsman"
)

func TestEverySampleIsExplainedByItsRow(t *testing.T) {
	rows := diagnose.Rows()
	covered := make([]bool, len(rows))
	for _, s := range samples() {
		p := diagnose.Explain(s.err)
		if p.ID != s.id {
			t.Errorf("%v\n is explained as %s, not as %s", s.err, p.ID, s.id)
			continue
		}
		if i := diagnose.Row(s.err); i >= 0 {
			covered[i] = true
		}
		if !errors.Is(p, s.err) {
			t.Errorf("%s: the problem does not wrap its error", s.id)
		}
		if c := p.ExitCode(); c < 1 || c > 5 {
			t.Errorf("%s: exit code %d", s.id, c)
		}
	}
	for i, ok := range covered {
		if !ok {
			t.Errorf("row %d, %s, has no sample that reaches it", i, rows[i])
		}
	}
	t.Logf("%d rows, %d samples", len(rows), len(samples()))
	if len(rows) < 60 {
		t.Errorf("only %d rows", len(rows))
	}
}

var (
	tag         = regexp.MustCompile(`</?[A-Za-z!?][^<>]*>`)
	placeholder = regexp.MustCompile(`\{[a-z]+\}`)
)

func TestEveryProblemCanBeReadInEveryLanguage(t *testing.T) {
	for _, language := range diagnose.Languages() {
		for _, s := range samples() {
			p := diagnose.ExplainIn(language, s.err)
			for name, text := range map[string]string{"title": p.Title, "cause": p.Cause, "fix": p.Fix, "details": p.Details} {
				if tag.MatchString(text) || placeholder.MatchString(text) {
					t.Errorf("%s %s %s: %s", language, s.id, name, text)
				}
				if name != "cause" && strings.TrimSpace(text) == "" {
					t.Errorf("%s %s: no %s", language, s.id, name)
				}
				if name != "details" && strings.Contains(text, "\n") {
					t.Errorf("%s %s: %s has several lines", language, s.id, name)
				}
				if strings.Contains(text, "Envelope") {
					t.Errorf("%s %s: raw XML in %s", language, s.id, name)
				}
			}
			if p.ID != s.id || p.Kind != diagnose.Explain(s.err).Kind {
				t.Errorf("%s %s: another problem than in English: %s", language, s.id, p.ID)
			}
		}
	}
}

func TestTextsAreComplete(t *testing.T) {
	rows := diagnose.Rows()
	english := diagnose.Sentences("en")
	for _, language := range diagnose.Languages() {
		texts := diagnose.Sentences(language)
		for _, id := range rows {
			if s, ok := texts[id]; !ok || s[0] == "" || s[2] == "" {
				t.Errorf("%s: %s has no sentences", language, id)
			}
		}
		for id, s := range texts {
			if !slices.Contains(rows, id) {
				t.Errorf("%s: %s names no row", language, id)
			}
			for i := range s {
				if language != "en" && s[i] != "" && s[i] == english[id][i] && !strings.HasPrefix(s[i], "{") {
					t.Errorf("%s: %s is not translated: %s", language, id, s[i])
				}
				if (s[i] == "") != (english[id][i] == "") {
					t.Errorf("%s: %s lacks a sentence, or has one too many", language, id)
				}
				a, b := placeholder.FindAllString(s[i], -1), placeholder.FindAllString(english[id][i], -1)
				slices.Sort(a)
				slices.Sort(b)
				if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
					t.Errorf("%s: %s has other values than the English: %v, %v", language, id, a, b)
				}
			}
		}
	}
}

// TestATenantIsCalledATenant: not a customer here and an organisation there.
func TestATenantIsCalledATenant(t *testing.T) {
	for language, others := range map[string][]string{"en": {"customer", "organisation"}, "de": {"kunde", "organisation"}} {
		for id, sentences := range diagnose.Sentences(language) {
			text := strings.ToLower(strings.Join(sentences[:], " "))
			for _, word := range others {
				if strings.Contains(text, word) {
					t.Errorf("%s %s speaks of %q: %s", language, id, word, text)
				}
			}
		}
	}
}

func TestExplainNilAndUnknownLanguage(t *testing.T) {
	if p := diagnose.Explain(nil); p != nil {
		t.Errorf("nil is explained as %v", p)
	}
	if got, want := diagnose.ExplainIn("fr-CA", errOther).Title, diagnose.Explain(errOther).Title; got != want {
		t.Errorf("an unknown language gives %q", got)
	}
	p := diagnose.ExplainIn("de_DE", errOther)
	if want := diagnose.ExplainIn("de", errOther).Title; p.Title != want || p.Title == diagnose.Explain(errOther).Title {
		t.Errorf("In: %q", p.Title)
	}
}

func TestSentencesHaveTheFacts(t *testing.T) {
	for _, c := range []struct {
		err  error
		want []string
	}{
		{&limited{errOther}, []string{"3 sessions", "1 of them", "by 10:30"}},
		{&partial{12, false, network(errOther)}, []string{"12 rows", "connection to mail.example failed"}},
		{refusedSample(), []string{"ps.example", "pod.example", "--allow-redirect pod.example"}},
		{fault(0, "", "you have exceeded your budget to create runspace. Please wait for 83 seconds."), []string{"Wait 83 seconds"}},
		{fault(2150859175, "", "not be approved for at least 150000 milliseconds"), []string{"Wait 3 minutes"}},
		{&wsman.HTTPError{Status: 429, RetryAfter: 30}, []string{"Wait 30 seconds"}},
		{signIn(401, wsman.Basic, "Negotiate", "Kerberos"), []string{"Negotiate, Kerberos"}},
		{bind(0, "x"), []string{`"many" does not fit ResultSize`, "a number"}},
		{dial(errOther), []string{"mail.example"}},
		{lineOf(&endpoint.DomainError{Text: "nowhere", Err: errOther}), []string{"Line 3", "Contoso;nowhere"}},
		{&wsman.HTTPError{Status: 429, RetryAfter: 1}, []string{"Wait 1 second,"}},
		{said("The operation couldn't be performed because 'smith' matches multiple entries."), []string{"'smith' matches"}},
	} {
		p := diagnose.Explain(c.err)
		text := p.Title + "\n" + p.Cause + "\n" + p.Fix
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", p.ID, want, text)
			}
		}
	}
}

// TestACauseIsToldOnce: what wraps an error in words of its own, again and
// again, says them once.
func TestACauseIsToldOnce(t *testing.T) {
	for name, err := range map[string]error{
		"partial": fmt.Errorf("run: %w", &partial{3, false, fmt.Errorf("lost: %w", &partial{3, false, dial(syscall.ECONNREFUSED)})}),
	} {
		p := diagnose.Explain(err)
		if n := strings.Count(p.Cause, p.Title); n > 0 {
			t.Errorf("%s: the cause repeats the title %d times: %s", name, n, p.Cause)
		}
		if strings.Count(p.Cause, "refuses the connection") != 1 {
			t.Errorf("%s: the cause is not told once: %s", name, p.Cause)
		}
	}
}

// TestWhyItFailedComesBeforeWhatItLeft: an attempt that may have left a session
// is explained by why it failed, and says what was left besides.
func TestWhyItFailedComesBeforeWhatItLeft(t *testing.T) {
	for _, c := range []struct {
		id  string
		err error
	}{
		{"refused", dial(syscall.ECONNREFUSED)},
		{"captive-portal", answer(200, "text/html", "<html>Welcome to the hotel</html>")},
		{"no-role", fault(0, "", "The user isn't assigned to any management roles.")},
		{"no-role", said("The user isn't assigned to any management roles.")},
		{"gateway", answer(502, "text/html", "<html>502</html>")},
	} {
		left := fmt.Errorf("%w; and it may have been left on the server: %w", c.err, fault(995, "", ""))
		p, alone := diagnose.Explain(fmt.Errorf("run: %w", fmt.Errorf("open session: %w", left))), diagnose.Explain(c.err)
		if p.ID != c.id || p.Title != alone.Title || p.Cause != alone.Cause || p.Kind != alone.Kind {
			t.Errorf("%v\n is explained as %s: %s", c.err, p.ID, p.Title)
		}
		if !strings.HasPrefix(p.Fix, alone.Fix) || !strings.Contains(p.Fix, "A session may be left on the server") {
			t.Errorf("%s: %s", p.ID, p.Fix)
		}
	}
}

func refusedSample() error { return samples()[sampleIndex("redirect-host")].err }

func sampleIndex(id string) int {
	return slices.IndexFunc(samples(), func(s sample) bool { return s.id == id })
}

func TestDetailsHelpSupport(t *testing.T) {
	text := "[Server=CAS1,BackEndServer=be7.contoso.com,RequestId=0f3a8a3c-1111-2222-3333-444455556666,TimeStamp=3/1/2026 10:00:00 AM] " +
		"[AuthZRequestId=77] [FailureCategory=AuthZ-CmdletAccessDeniedException] 1A2B3C4D,Some.Class no roles"
	details := diagnose.Explain(fault(5, "AccessDenied", text)).Details
	for _, want := range []string{
		"Problem: no-role", "Operation: Create", "Code: 5 (0x00000005)", "Request id: 0f3a8a3c-1111-2222-3333-444455556666", "Back-end server: be7.contoso.com",
		"Authorization request id: 77", "Failure category: AuthZ-CmdletAccessDeniedException", "Server's code: 1A2B3C4D Some.Class", "HTTP status: 500",
	} {
		if !strings.Contains(details, want) {
			t.Errorf("details lack %q:\n%s", want, details)
		}
	}
	details = diagnose.Explain(answer(503, "text/html", "<html><script>var x=1</script><body><h1>Service&nbsp;Unavailable</h1></body></html>")).Details
	for _, want := range []string{"request-id: 5a7f", "X-FEServer: CAS1", "Page: Service Unavailable"} {
		if !strings.Contains(details, want) {
			t.Errorf("details lack %q:\n%s", want, details)
		}
	}
	details = diagnose.Explain(&psrp.RemoteError{Message: "m", FullyQualifiedID: "Id,Get-X", CategoryText: "InvalidArgument"}).Details
	if !strings.Contains(details, "Error id: Id,Get-X") || !strings.Contains(details, "Category: InvalidArgument") {
		t.Error(details)
	}
}

func TestCodesAreNotTakenForSecrets(t *testing.T) {
	details := diagnose.Explain(answer(500, "text/plain", "The request failed. Error code: 0x80090308, HTTP code=500, SubCode: LsaError.")).Details
	for _, want := range []string{"0x80090308", "code=500", "LsaError"} {
		if !strings.Contains(details, want) {
			t.Errorf("details lack %q:\n%s", want, details)
		}
	}
}

// TestNoSecretIsShown puts a password wherever a careless layer could, in the
// forms in which it travels.
func TestNoSecretIsShown(t *testing.T) {
	const password = "Tr0ub4dor-hunter2-hunter2"
	const basic = "YWRtaW5AY29udG9zby5jb206VHIwdWI0ZG9yLWh1bnRlcjItaHVudGVyMg=="
	const jwt = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL291dGxvb2sifQ.c2lnbmF0dXJl"
	long := strings.Repeat("QUJDREVGR0g", 20)
	carriers := []string{
		"https://admin:" + password + "@mail.example/PowerShell/", "Authorization: Basic " + basic, "authorization=Basic " + basic, "Proxy-Authorization: Basic " + basic,
		"Basic " + basic, "Bearer " + jwt, jwt, "Negotiate " + long, "password=" + password, `"password": "` + password + `"`, "Kennwort: " + password,
		"Set-Cookie: MS-WSMAN=" + password + "; path=/", "Cookie: a=" + password, "MS-WSMAN=" + password, "<S N=\"x\">" + long + "</S>", "pwd='" + password + " with spaces'",
		"client_secret=" + password, "https://login.example/?code=" + password + "&state=1",
	}
	for _, text := range carriers {
		for _, err := range []error{
			errors.New(text), fault(5, "", text), said(text), answer(500, "text/html", "<html><body>"+text+"</body></html>"),
			network(errors.New(text)), fmt.Errorf("outer: %w", &partial{1, false, errors.New(text)}),
			&wsman.AuthError{HTTP: 401, Auth: wsman.Basic, Header: map[string]string{"Authorization": text, "X-Diag": text, "Set-Cookie": text}, Body: []byte(text)},
			&wsman.RedirectError{From: mustURL("https://u:" + password + "@a.example/"), To: mustURL("https://u:" + password + "@b.example/"), Reason: wsman.RedirectRefused},
		} {
			for _, language := range diagnose.Languages() {
				p := diagnose.ExplainIn(language, err)
				shown := strings.Join([]string{p.Title, p.Cause, p.Fix, p.Details, p.Error()}, "\n")
				for _, secret := range []string{password, "hunter2", basic, jwt, long} {
					if strings.Contains(shown, secret) {
						t.Errorf("%q in %T is shown:\n%s", text, err, shown)
					}
				}
			}
		}
	}
}

func FuzzExplain(f *testing.F) {
	f.Add("<a", "text/html", 200, uint32(5))
	f.Add("[Server=x,RequestId=y] [FailureCategory=AuthZ-X] {host}", "", 401, uint32(0x803381A5))
	f.Add("password=&lt;b&gt;", "x", 0, uint32(0))
	f.Fuzz(func(t *testing.T, text, contentType string, status int, code uint32) {
		for _, err := range []error{
			errors.New(text), said(text), fault(code, contentType, text),
			&wsman.HTTPError{Status: status, ContentType: contentType, Body: []byte(text)},
			&wsman.AuthError{HTTP: status, Body: []byte(text), Schemes: []string{contentType}},
		} {
			p := diagnose.ExplainIn("de", err)
			if p == nil || p.Title == "" || p.Fix == "" {
				t.Fatalf("%v is not explained: %+v", err, p)
			}
			if shown := p.Title + p.Cause + p.Fix + p.Details; tag.MatchString(shown) {
				t.Errorf("markup is shown: %q", shown)
			}
		}
	})
}

// Whoever reads of the details has to find them, in every language.
func TestAdviceThatPointsToDetails(t *testing.T) {
	for language, word := range map[string]string{"en": "details below", "de": "Einzelheiten"} {
		for id, s := range diagnose.Sentences(language) {
			p := &diagnose.Problem{ID: id}
			if said := strings.Contains(s[2], word); said != p.PointsToDetails() {
				t.Errorf("%s, %s: PointsToDetails is %t, the advice is %q", language, id, p.PointsToDetails(), s[2])
			}
		}
	}
}
