package diagnose_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"postroom/session/diagnose"
	"postroom/test/fixture"
)

// The stand-ins say what the errors of the sign-in and of Exchange Online's door
// say about themselves.
type (
	needsSignIn  struct{ err error }
	wrongTenant  struct{}
	cmdletFailed struct {
		status          int
		class, id, text string
	}
	answered     struct{ status int }
	throttled    struct{ until time.Time }
	notPermitted struct{ command string }
	asPartner    struct{ error }
	wrongAccount struct{}
	otherCloud   struct{}
	noTenant     struct{}
	refusal      struct{}
)

func (e *needsSignIn) Error() string                { return fmt.Sprint("sign in: needed: ", e.err) }
func (e *needsSignIn) Unwrap() error                { return e.err }
func (*needsSignIn) SignInNeeded() (string, string) { return "anna@partner.example", "contoso.example" }

func (wrongTenant) Error() string                 { return "sign in: the tenant 1 was chosen, the token is of 2" }
func (wrongTenant) WrongTenant() (string, string) { return "1111-chosen", "2222-got" }

func (e *cmdletFailed) Error() string                   { return "run Get-Mailbox: " + e.text }
func (e *cmdletFailed) ErrorID() string                 { return e.id }
func (e *cmdletFailed) Exception() string               { return e.class }
func (e *cmdletFailed) HTTPStatus() int                 { return e.status }
func (*cmdletFailed) Support() (server, request string) { return "NDSRV0042", "8d0f1c57" }

func (e *answered) Error() string   { return fmt.Sprintf("run Get-Mailbox: HTTP %d", e.status) }
func (e *answered) HTTPStatus() int { return e.status }

func (e *throttled) Error() string        { return "run Get-Mailbox: HTTP 429" }
func (e *throttled) Throttled() time.Time { return e.until }
func (e *throttled) Wait() time.Duration  { return time.Until(e.until) }
func (e *throttled) HTTPStatus() int      { return 429 }

func (e *notPermitted) Error() string        { return "run: HTTP 403" }
func (e *notPermitted) NotPermitted() string { return e.command }
func (e *notPermitted) HTTPStatus() int      { return 403 }

func (e *asPartner) Unwrap() error   { return e.error }
func (*asPartner) AsPartner() bool   { return true }
func (*asPartner) ForTenant() string { return "contoso.example" }

func (wrongAccount) Error() string                  { return "sign in: a was to sign in, and b did" }
func (wrongAccount) WrongAccount() (string, string) { return "anna@a.example", "ben@b.example" }

const consentPage = "https://login.microsoftonline.com/020ce867-3d6f-48e3-9ba4-d5724f8ec972/adminconsent?client_id=9df56911-f350-4d7c-b59e-73438a93fcbc"

// unconsented is a refusal that knows where the consent is given.
type unconsented struct{ error }

func (unconsented) ConsentPage() string { return consentPage }

// unsendable is an argument that cannot be sent; credential says that it has a password.
type unsendable struct{ credential bool }

func (unsendable) Error() string { return "New-MigrationEndpoint: parameter Credentials: not sent" }
func (e unsendable) CannotSend() (string, string, bool) {
	return "New-MigrationEndpoint", "Credentials", e.credential
}

// tooLong is an answer without end.
type tooLong struct{}

func (tooLong) Error() string                  { return "run: the answer to Get-Mailbox is longer than 536870912 bytes" }
func (tooLong) AnswerTooLong() (string, int64) { return "Get-Mailbox", 512 << 20 }
func (tooLong) HTTPStatus() int                { return 200 }

// unreadable is an answer that cannot be read, from its beginning on or from later.
type unreadable struct{ page bool }

func (unreadable) Error() string      { return "run: read JSON at byte 0: not JSON" }
func (e unreadable) Unreadable() bool { return e.page }

// cutShort is an answer that broke off.
type cutShort struct{}

func (cutShort) Error() string { return "Get-Mailbox at https://outlook.example/: unexpected EOF" }
func (cutShort) Unwrap() error { return io.ErrUnexpectedEOF }
func (cutShort) Host() string  { return "outlook.example" }

// elsewhere is a redirect that was not followed.
type elsewhere struct{ plain, loop bool }

func (elsewhere) Error() string { return "run: redirect is not followed" }
func (e elsewhere) NotFollowed() (string, string, bool, bool) {
	return "outlook.example", "phisher.example", e.plain, e.loop
}

type graphRefused struct{}

func (graphRefused) Error() string        { return "Microsoft Graph refuses contracts: HTTP 403" }
func (graphRefused) GraphRefused() string { return "contracts" }
func (graphRefused) ConsentPage() string  { return consentPage }

type graphBroken struct{}

func (graphBroken) Error() string       { return "Microsoft Graph answers contracts by HTTP 500" }
func (graphBroken) GraphBroken() string { return "contracts" }

func (otherCloud) Error() string                { return "find the tenant: elsewhere" }
func (otherCloud) OtherCloud() (string, string) { return "contoso.example", "china" }

func (noTenant) Error() string         { return "find the tenant: unknown" }
func (noTenant) UnknownTenant() string { return "nowhere.example" }

func (refusal) Error() string { return "sign in: the authority refuses: AADSTS90033" }
func (refusal) Support() (correlation, trace, at string) {
	return "f3b1c2d4", "0b9c7a3e", "2026-11-27 12:00:00Z"
}

// refused is what Entra's token endpoint says.
func refusedBy(number string) error {
	return fmt.Errorf("sign in: token for contoso.example: %w", errors.New("AADSTS"+number+": Something about it. Trace ID: 0 Correlation ID: 0 Timestamp: 2026-11-27 12:00:00Z"))
}

func failed(status int, class, text string) error {
	return fmt.Errorf("run: %w", &cmdletFailed{status, class, "Ex1", text})
}

// cloudSample is an error of the cloud, its row, and who can mend it.
type cloudSample struct {
	sample
	mender diagnose.Mender
}

func cloudSamples() []cloudSample {
	var all []cloudSample
	add := func(id string, mender diagnose.Mender, errs ...error) {
		for _, err := range errs {
			all = append(all, cloudSample{sample{id, err}, mender})
		}
	}
	entra := func(id string, mender diagnose.Mender, numbers ...string) {
		for _, number := range numbers {
			add(id, mender, refusedBy(number))
		}
	}
	const (
		you, tenant, partner, home = diagnose.MenderPerson, diagnose.MenderTenant, diagnose.MenderPartner, diagnose.MenderHome
		app, net, microsoft        = diagnose.MenderApp, diagnose.MenderNetwork, diagnose.MenderMicrosoft
	)
	// The sign-in.
	add("token-elsewhere", you, fmt.Errorf("open: %w", wrongTenant{}))
	add("cloud-account", you, wrongAccount{})
	add("cloud-elsewhere", you, otherCloud{})
	add("cloud-unknown-tenant", you, noTenant{})
	add("graph-refused", partner, graphRefused{})
	add("graph-broken", microsoft, graphBroken{})
	add("rest-credential", you, fmt.Errorf("run: %w", unsendable{true}))
	add("rest-unsendable", you, fmt.Errorf("run: %w", unsendable{}))
	add("rest-answer-long", you, tooLong{})
	add("rest-page", net, unreadable{true})
	add("rest-unreadable", microsoft, unreadable{})
	add("lost", net, cutShort{})
	add("redirect-http", net, elsewhere{plain: true})
	add("redirect-loop", you, elsewhere{loop: true})
	add("redirect-refused", you, elsewhere{})
	add("cloud-browser-time", you, errors.New("sign in at x: sign in: nobody signed in in the browser in time"))
	add("cloud-browser", you, errors.New("sign in at x: sign in: the browser's answer did not come as it should"), errors.New("sign in at x: open the browser: exit status 3"))
	add("rest-no-role", tenant, &notPermitted{"EXOModuleFile"})
	add("cloud-sign-in", you, &needsSignIn{errors.New("nobody has signed in")})
	add("cloud-mfa", you, &needsSignIn{refusedBy("50076")})
	entra("cloud-mfa", you, "50074", "50076", "50158")
	entra("cloud-mfa-setup", you, "50072", "50079", "53010")
	entra("cloud-mfa-again", you, "50078")
	entra("cloud-code-blocked", you, "530036")
	add("cloud-code-blocked", you, fmt.Errorf("sign in by device code: %w", refusedBy("53003")))
	entra("cloud-blocked", tenant, "53003", "50131", "530032")
	entra("cloud-device", tenant, "53000", "530002")
	entra("cloud-device-join", tenant, "53001", "50097", "50129", "530003")
	entra("cloud-app-approved", tenant, "53002", "53009", "530021", "50127")
	entra("cloud-risk", home, "53004", "53011")
	entra("cloud-defaults", tenant, "530035")
	entra("cloud-partner-stopped", partner, "530034")
	entra("cloud-network-restricted", net, "500021", "500022")
	entra("cloud-app-unknown", tenant, "700016")
	entra("cloud-app-disabled", tenant, "7000112")
	entra("cloud-app-unassigned", tenant, "50105")
	entra("no-consent", tenant, "65001")
	entra("cloud-admin-consent", tenant, "90094", "90095")
	entra("cloud-consent-declined", you, "65004")
	entra("cloud-partner-consent", partner, "90099")
	entra("cloud-app-tenant", app, "50194")
	entra("cloud-app-redirect", app, "50011", "500113")
	entra("cloud-app-public", app, "7000218")
	entra("cloud-app-permission", app, "650056", "650057")
	entra("cloud-certificate", app, "700027")
	entra("cloud-certificate-old", app, "7000222")
	entra("cloud-clock", you, "700024", "500133")
	entra("not-in-tenant", tenant, "50020", "50177", "90072")
	add("not-in-tenant", partner, &asPartner{refusedBy("50020")})
	entra("cloud-guest", tenant, "500571")
	entra("cloud-deleted", home, "500341")
	entra("account-disabled", home, "50057")
	entra("account-locked", home, "50053")
	entra("account-unknown", you, "50034", "51004")
	entra("entra-password", you, "50126", "50056", "50064")
	entra("password-expired", you, "50055", "50144", "50125")
	entra("cloud-personal", you, "70012", "500200", "500207", "500208")
	entra("cloud-agent", home, "80001", "80002", "80005", "80007", "80014")
	entra("cloud-hours", home, "80012")
	entra("cloud-federation", home, "50107", "50008")
	entra("sign-in-expired", you, "700082", "70043", "50173", "70008", "70044", "50132", "50133", "50089", "50085", "700084")
	entra("cloud-code-over", you, "70018", "70019", "70020")
	entra("wrong-tenant", you, "90002", "900023", "5000224", "9002313", "50059", "50128", "900021")
	entra("cloud-elsewhere", you, "90038", "900382", "900432", "900439")
	entra("service-missing", tenant, "650051", "650052", "500011", "50001")
	entra("cloud-service-off", tenant, "500014")
	entra("cloud-entra-down", microsoft, "90033", "90024")
	entra("cloud-often", you, "50196")
	entra("cloud-refused", tenant, "999999")

	// The service.
	add("rest-no-role", tenant, &notPermitted{})
	add("rest-no-role", partner, &asPartner{&notPermitted{}})
	add("rest-not-permitted", tenant, &notPermitted{"Get-Mailbox"})
	add("rest-not-permitted", partner, &asPartner{&notPermitted{"Get-Mailbox"}})
	add("cmdlet-not-allowed", tenant, failed(403, "Microsoft.Exchange.Admin.OData.Core.ODataServiceException", "User is not allowed to call Get-RoleGroup"))
	add("rest-token-refused", tenant, &answered{401})
	add("rest-forbidden", tenant, &answered{403})
	add("rest-version", you, &answered{405})
	add("rest-not-found", tenant, &answered{404})
	add("throttled", you, &throttled{time.Now().Add(time.Hour)}, &answered{429})
	add("limit-tenant", you, failed(429, "", "You have reached the maximum number of concurrent requests per tenant. Please wait and try again"))
	add("rest-down", microsoft, &answered{503}, &answered{502})
	add("rest-too-long", you, &answered{504})
	add("rest-broken", microsoft, &answered{500})
	add("rest-cursor", you, failed(400, "Example.PaginationException", "Expired or Invalid pagination request. Default Expiry time is 00:30:00"))
	add("rest-parameter", you, failed(400, "Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException", "Parameter set cannot be resolved using the specified named parameters. Invalid cmdlet parameters specified. Bogus"))
	add("rest-value", you, failed(400, "Microsoft.Exchange.AdminApi.CommandInvocation.ParameterTransformationException", "Unable to match the identifier name Mauve to a valid enumerator name. Specify one of: Red, Green"))
	add("object-exists", you, failed(400, "Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException", "The object 'CN=all' already exists."))
	add("rest-passed-on", microsoft, failed(400, "Microsoft.Exchange.Configuration.CmdletProxyException", "Error on proxy command 'Remove-Widget' to server X"))
	add("transient", microsoft, failed(500, "Microsoft.Exchange.Data.Directory.ADTransientException", "The directory is unavailable."),
		failed(400, "Example.ServerBusyException", "busy"), failed(400, "CmdletProxyNotAvailableFailure", "x"), failed(400, "BackendCommunicationException", "x"))
	add("licence", tenant, failed(400, "", "The user isn't licensed for Exchange Online."))
	return all
}

// TestWhatTheCloudSays has a row for each error of Entra and of Exchange Online
// that is published: its explanation, and who can mend it.
func TestWhatTheCloudSays(t *testing.T) {
	rows := map[string]bool{}
	for _, s := range cloudSamples() {
		p := diagnose.Explain(s.err)
		if p.ID != s.id || p.Mender != s.mender {
			t.Errorf("%v\n is explained as %s, to be mended by %d, not as %s by %d", s.err, p.ID, p.Mender, s.id, s.mender)
		}
		german := diagnose.ExplainIn("de", s.err)
		if p.Who == "" || german.Who == "" || p.Who == german.Who && p.Mender != diagnose.MenderMicrosoft {
			t.Errorf("%s: who can mend it is not said in words: %q, %q", s.id, p.Who, german.Who)
		}
		rows[p.ID] = true
	}
	if n := len(cloudSamples()); n < 60 || len(rows) < 55 {
		t.Errorf("%d errors in %d rows", n, len(rows))
	}
}

// TestTheFixturesOfEntra reads the answers of the token endpoint that were
// collected, as whole texts.
func TestTheFixturesOfEntra(t *testing.T) {
	var file struct {
		Bodies []struct {
			Description string `json:"error_description"`
			Codes       []int  `json:"error_codes"`
		} `json:"bodies"`
	}
	if err := json.Unmarshal(fixture.Read(t, "exo-rest", "entra-errors.json"), &file); err != nil {
		t.Fatal(err)
	}
	want := map[int]string{50076: "cloud-mfa", 65001: "no-consent", 50020: "not-in-tenant", 700082: "sign-in-expired", 53003: "cloud-blocked"}
	for _, b := range file.Bodies {
		if p := diagnose.Explain(&needsSignIn{errors.New(b.Description)}); p.ID != want[b.Codes[0]] {
			t.Errorf("%v is explained as %s", b.Codes, p.ID)
		}
	}
	if len(file.Bodies) != len(want) {
		t.Errorf("%d answers, want %d", len(file.Bodies), len(want))
	}
}

// What the cloud's sentences have of the facts.
func TestTheCloudsSentencesHaveTheFacts(t *testing.T) {
	for _, c := range []struct {
		err  error
		want []string
	}{
		{&needsSignIn{errors.New("nobody")}, []string{"contoso.example", "anna@partner.example"}},
		{wrongTenant{}, []string{"1111-chosen", "2222-got"}},
		{wrongAccount{}, []string{"anna@a.example", "ben@b.example"}},
		{otherCloud{}, []string{"contoso.example"}},
		{noTenant{}, []string{"nowhere.example"}},
		{refusal{}, []string{"Correlation id: f3b1c2d4", "Trace id: 0b9c7a3e", "Authority's time: 2026-11-27 12:00:00Z"}},
		{&notPermitted{"Get-Thing"}, []string{"Get-Thing"}},
		{&throttled{time.Now().Add(90 * time.Second)}, []string{"90 seconds"}},
		{failed(400, "x.ParameterTransformationException", "one of: Red, Green"), []string{"Red, Green", "NDSRV0042", "8d0f1c57", "HTTP status: 400", "Ex1"}},
	} {
		p := diagnose.Explain(c.err)
		all := p.Title + p.Cause + p.Fix + p.Details
		for _, want := range c.want {
			if !strings.Contains(all, want) {
				t.Errorf("%s lacks %q: %s", p.ID, want, all)
			}
		}
	}
}

// What a consent mends names the page where it is given, in each language; where the page
// is not known, it says so in words.
func TestConsentIsAskedForByItsPage(t *testing.T) {
	for id, number := range map[string]string{
		"no-consent": "65001", "cloud-admin-consent": "90094", "cloud-app-unknown": "700016",
		"cloud-consent-declined": "65004", "cloud-partner-consent": "90099", "cloud-app-permission": "650057",
	} {
		for _, language := range []string{"en", "de"} {
			known := diagnose.ExplainIn(language, fmt.Errorf("sign in: %w", unconsented{refusedBy(number)}))
			unknown := diagnose.ExplainIn(language, refusedBy(number))
			if known.ID != id || !strings.Contains(known.Fix, " "+consentPage+" ") {
				t.Errorf("%s in %s: %s: %q", id, language, known.ID, known.Fix)
			}
			if unknown.ID != id || strings.Contains(unknown.Fix, "{") || strings.Contains(unknown.Fix, "https:") {
				t.Errorf("%s in %s: %s: %q", id, language, unknown.ID, unknown.Fix)
			}
		}
	}
	for _, language := range []string{"en", "de"} {
		if p := diagnose.ExplainIn(language, graphRefused{}); p.ID != "graph-refused" || !strings.Contains(p.Fix, " "+consentPage+" ") {
			t.Errorf("%s in %s: %q", p.ID, language, p.Fix)
		}
	}
}

// A connection that breaks on the way to the cloud is told as any other.
func TestTheWayToTheCloud(t *testing.T) {
	for _, c := range []struct {
		id  string
		err error
	}{
		{"lost", &url.Error{Op: "Post", URL: "https://login.microsoftonline.com/x", Err: io.EOF}},
		{"timeout", &url.Error{Op: "Post", URL: "https://login.microsoftonline.com/x", Err: errTimeout{}}},
		{"network", &url.Error{Op: "Get", URL: "https://login.microsoftonline.com/x", Err: errOther}},
	} {
		if p := diagnose.Explain(c.err); p.ID != c.id {
			t.Errorf("%v is explained as %s, not as %s", c.err, p.ID, c.id)
		}
	}
}

type errTimeout struct{}

func (errTimeout) Error() string   { return "i/o timeout" }
func (errTimeout) Timeout() bool   { return true }
func (errTimeout) Temporary() bool { return true }
