package exorest_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/exorest"
	"postroom/session/result"
	"postroom/test/fixture"
)

// play runs the fixture's own request against its own answers.
func play(t *testing.T, name string) (*world, *heard, error) {
	t.Helper()
	s := readSample(t, name)
	all := s.Exchange
	if all == nil {
		all = []sample{s}
	}
	answers := make([]sampleResponse, len(all))
	for i := range all {
		answers[i] = all[i].Response
	}
	w := newWorld(t, playing(answers...))
	h := newHeard()
	request := all[0].Request
	inv := cmdlet.Invocation{Cmdlet: "Get-Mailbox", Args: []cmdlet.Arg{{Name: "Identity", Value: "x"}}}
	if request.Body != nil {
		inv = request.invocation(t)
	}
	err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), inv, h)
	for i, r := range w.requests() {
		if i < len(all) && all[i].Request.Body != nil && !strings.Contains(r.uri, "EXOModuleFile") {
			sameRequest(t, all[i].Request, r)
		}
	}
	return w, h, err
}

// sameRequest holds what was sent against what the fixture has.
func sameRequest(t *testing.T, want sampleRequest, got sent) {
	t.Helper()
	if !strings.HasSuffix(want.URL, got.uri) {
		t.Errorf("sent to %s, want %s", got.uri, want.URL)
	}
	for name, text := range want.Headers {
		switch strings.ToLower(name) {
		case "authorization":
			if got.header.Get(name) != "Bearer "+secret {
				t.Errorf("%s is not the token", name)
			}
		case "connection-id", "client-request-id":
			if len(got.header.Get(name)) != len(text) {
				t.Errorf("%s: %q", name, got.header.Get(name))
			}
		case "x-anchormailbox":
			if a := got.header.Get(name); a != text && !strings.HasPrefix(a, "SMTP:") {
				t.Errorf("%s: %q, want %q", name, a, text)
			}
		case "cookie", "x-responseformat": // CLIXML is not asked for, though understood
		case "prefer":
			if !strings.HasPrefix(got.header.Get(name), "odata.maxpagesize=") {
				t.Errorf("%s: %q", name, got.header.Get(name))
			}
		default:
			if got.header.Get(name) != text || len(got.header.Values(name)) == 0 {
				t.Errorf("%s: %q, want %q", name, got.header.Get(name), text)
			}
		}
	}
	var a, b any
	if json.Unmarshal(want.Body, &a) != nil || json.Unmarshal(got.body, &b) != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("sent %s\nwant %s", got.body, want.Body)
	}
}

// Every row of the samples arrives with its kinds.
func TestRowsOfTheSamples(t *testing.T) {
	type cell struct {
		name string
		kind result.Kind
		text string // for kinds that have one
	}
	for name, want := range map[string]struct {
		rows  int
		cells []cell
	}{
		"rows-mailbox.json": {1, []cell{
			{"ExchangeGuid", result.KindText, "c2c1f0de-52aa-4c1c-9c2b-0d3c7c7a1101"},
			{"LitigationHoldEnabled", result.KindBool, ""},
			{"LitigationHoldDate", result.KindNull, ""},
			{"LitigationHoldDuration", result.KindText, "Unlimited"},
			{"RetainDeletedItemsFor", result.KindDuration, ""},
			{"ProhibitSendQuota", result.KindText, "49.5 GB (53,150,220,288 bytes)"},
			{"RecipientLimits", result.KindText, "500"},
			{"PitrCopyIntervalInSeconds", result.KindInt, ""},
			{"EmailAddresses", result.KindList, ""},
			{"AcceptMessagesOnlyFrom", result.KindList, ""},
			{"DisplayName", result.KindText, "Ada Büro"},
			{"WhenMailboxCreated", result.KindTime, ""},
			{"WhenChangedUTC", result.KindTime, ""},
			{"CustomAttribute1", result.KindText, ""},
			{"AuditLogAgeLimit", result.KindDuration, ""},
		}},
		"rows-numbers-dates.json": {1, []cell{
			{"Selector1KeySize", result.KindUint, ""}, {"RotateOnDate", result.KindTime, ""}, {"LastValidationTimestamp", result.KindTime, ""},
		}},
		"rows-rule-null-and-list.json": {2, []cell{
			{"Priority", result.KindInt, ""}, {"Conditions", result.KindList, ""}, {"Exceptions", result.KindNull, ""}, {"DeleteMessage", result.KindBool, ""},
		}},
		"rows-tri-state.json": {1, []cell{
			{"FocusedInboxOn", result.KindNull, ""},
			{"AuditDisabled", result.KindBool, ""},
			{"PublicFoldersEnabled", result.KindText, "Local"},
			{"ActivityBasedAuthenticationTimeoutInterval", result.KindDuration, ""},
			{"IPListBlocked", result.KindList, ""},
			{"LoadBalancerCount", result.KindInt, ""},
		}},
		"rows-nested-guess.json": {1, []cell{
			{"ItemCount", result.KindUint, ""}, {"ExampleObject", result.KindNested, ""}, {"ExampleObjects", result.KindList, ""}, {"LastLogonTime", result.KindNull, ""},
		}},
		"rows-clixml.json": {2, []cell{
			{"DisplayName", result.KindText, "All"},
			{"HiddenFromAddressListsEnabled", result.KindBool, ""},
			{"WhenCreated", result.KindTime, ""},
			{"MailTip", result.KindNull, ""},
			{"ManagedBy", result.KindList, ""},
		}},
		"rows-none.json":       {0, nil},
		"write-no-output.json": {0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, h, err := play(t, name)
			if err != nil {
				t.Fatal(err)
			}
			if h.rows() != want.rows {
				t.Fatalf("%d rows, want %d", h.rows(), want.rows)
			}
			for _, c := range want.cells {
				if v := h.cell(t, 0, c.name); v.Kind != c.kind || c.text != "" && v.Text != c.text {
					t.Errorf("%s is %v %q, want %v %q", c.name, v.Kind, v.Text, c.kind, c.text)
				}
			}
			for _, header := range h.table.Snapshot().Headers() {
				if strings.Contains(header, "@") {
					t.Errorf("an annotation is a column: %s", header)
				}
			}
		})
	}
}

// What the values are, where a kind is not enough.
func TestValuesOfTheSamples(t *testing.T) {
	_, h, err := play(t, "rows-mailbox.json")
	if err != nil {
		t.Fatal(err)
	}
	if v := h.cell(t, 0, "EmailAddresses"); !slices.Equal(v.Items, []string{"SMTP:ada@nordwind.example", "smtp:a.byron@nordwind.example"}) {
		t.Errorf("EmailAddresses = %q", v.Items)
	}
	if v := h.cell(t, 0, "ProtocolSettings"); !slices.Equal(v.Items, []string{"OWA§1", "IMAP4§0§§§"}) {
		t.Errorf("ProtocolSettings = %q", v.Items)
	}
	if v := h.cell(t, 0, "WhenMailboxCreated"); v.Time.Kind != result.TimeLocal || v.Time.OffsetMinutes != 0 || v.Time.Time().Format("2006-01-02 15:04:05") != "2024-03-31 08:07:47" {
		t.Errorf("WhenMailboxCreated = %v", v.Time)
	}
	if v := h.cell(t, 0, "RetainDeletedItemsFor"); v.Int != 14*24*3600*10_000_000 {
		t.Errorf("RetainDeletedItemsFor = %d ticks", v.Int)
	}
	_, h, err = play(t, "rows-nested-guess.json")
	if err != nil {
		t.Fatal(err)
	}
	if v := h.cell(t, 0, "ExampleObject"); !strings.Contains(v.Text, "Inner=text") || !strings.Contains(string(v.Raw), "<S N=\"Inner\">text</S>") || strings.Contains(v.Text, "data.type") {
		t.Errorf("ExampleObject = %q, %s", v.Text, v.Raw)
	}
}

// An answer without value, or with null, has no rows and is no error.
func TestNoRowsInEveryForm(t *testing.T) {
	s := readSample(t, "rows-none.json")
	var also []json.RawMessage
	if err := json.Unmarshal(s.Also, &also); err != nil {
		t.Fatal(err)
	}
	for _, body := range also {
		r := s.Response
		r.Body = body
		w := newWorld(t, playing(r))
		h := newHeard()
		if err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), s.Request.invocation(t), h); err != nil || h.rows() != 0 {
			t.Errorf("%s: %d rows, %v", body, h.rows(), err)
		}
	}
}

// Pages are asked for by the same body, with anchor, connection id and the cookies
// of the first request on.
func TestPagesOfTheSample(t *testing.T) {
	w, h, err := play(t, "paging.json")
	if err != nil {
		t.Fatal(err)
	}
	all := w.requests()
	if len(all) < 2 {
		t.Fatalf("%d requests", len(all))
	}
	for _, r := range all[1:] {
		if r.method != http.MethodPost || string(r.body) != string(all[0].body) || r.header.Get("X-AnchorMailbox") != all[0].header.Get("X-AnchorMailbox") ||
			r.header.Get("connection-id") != all[0].header.Get("connection-id") || r.header.Get("client-request-id") != all[0].header.Get("client-request-id") {
			t.Errorf("the next page is asked for by another request: %+v", r)
		}
		if !strings.Contains(r.uri, "skiptoken") || r.header.Get("Cookie") == "" {
			t.Errorf("page asked at %s with the cookies %q", r.uri, r.header.Get("Cookie"))
		}
	}
	if h.rows() < 2 {
		t.Errorf("%d rows", h.rows())
	}
}

// A list that the service does not go on with is partial, with the rows that came.
func TestARefusedCursorIsPartial(t *testing.T) {
	first := readSample(t, "paging.json").Exchange[0]
	s := readSample(t, "paging-cursor-refused.json")
	refused := s.Response
	if s.Exchange != nil {
		refused = s.Exchange[len(s.Exchange)-1].Response
	}
	w := newWorld(t, playing(first.Response, refused))
	h := newHeard()
	err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), first.Request.invocation(t), h)
	var partial *session.PartialError
	if !errors.As(err, &partial) || !errors.Is(err, exorest.ErrCursor) || partial.Unsure || partial.Rows != h.rows() || h.rows() == 0 {
		t.Errorf("%d rows, %v", h.rows(), err)
	}
}

// A warning that stands in body and header is told once.
func TestWarningsOfTheSample(t *testing.T) {
	_, h, err := play(t, "warnings.json")
	if err != nil {
		t.Fatal(err)
	}
	if got := h.texts(session.MessageWarning); len(got) != 1 || !strings.HasPrefix(got[0], "The command completed successfully") {
		t.Errorf("warnings %q", got)
	}
}

// Errors beside rows are told, and the rows stay.
func TestPartialErrorsOfTheSample(t *testing.T) {
	_, h, err := play(t, "partial-errors.json")
	if err != nil {
		t.Fatal(err)
	}
	if got := h.texts(session.MessageError); len(got) == 0 || h.rows() == 0 {
		t.Errorf("%d rows, errors %q", h.rows(), got)
	}
	for _, m := range h.messages {
		var e session.CmdletError
		if m.Kind == session.MessageError && (!errors.As(m.Err, &e) || strings.Contains(m.Text, "|")) {
			t.Errorf("error %q: %v", m.Text, m.Err)
		}
	}
}

// A question is two posts: what would be done, and, after a yes, the change.
func TestConfirmOfTheSample(t *testing.T) {
	s := readSample(t, "confirm.json")
	for answer, posts := range map[int]int{0: 2, 1: 1, -1: 1} {
		w := newWorld(t, playing(s.Exchange[0].Response, s.Exchange[1].Response))
		h := newHeard()
		h.answer = answer
		inv := cmdlet.Invocation{Cmdlet: "Remove-TransportRule", Args: []cmdlet.Arg{{Name: "Identity", Value: "Old"}}}
		err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), inv, h)
		if (answer < 0) != errors.Is(err, session.ErrNoAnswer) || answer >= 0 && err != nil {
			t.Errorf("answer %d: %v", answer, err)
		}
		var sentBodies []sent
		for _, r := range w.requests() {
			if strings.HasSuffix(r.uri, "InvokeCommand") {
				sentBodies = append(sentBodies, r)
			}
		}
		if len(sentBodies) != posts || len(h.prompts) != 1 || h.prompts[0].Message != `Removing the rule "Old".` {
			t.Errorf("answer %d: %d posts, prompts %+v", answer, len(sentBodies), h.prompts)
			continue
		}
		for i, r := range sentBodies {
			sameRequest(t, s.Exchange[i].Request, r)
		}
	}
}

// -WhatIf asks what would be done, and says it; nothing is done.
func TestWhatIf(t *testing.T) {
	s := readSample(t, "confirm.json")
	w := newWorld(t, playing(s.Exchange[0].Response))
	h := newHeard()
	inv := cmdlet.Invocation{Cmdlet: "Remove-TransportRule", Args: []cmdlet.Arg{{Name: "Identity", Value: "Old"}, {Name: "WhatIf", Value: cmdlet.Switch(true)}}}
	if err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), inv, h); err != nil {
		t.Fatal(err)
	}
	if got := h.texts(session.MessageInformation); len(got) != 1 || got[0] != `What if: Removing the rule "Old".` {
		t.Errorf("said %q", got)
	}
	for _, r := range w.requests() {
		if strings.HasSuffix(r.uri, "InvokeCommand") && r.parameters(t)["Confirm"] != true {
			t.Errorf("sent %s", r.body)
		}
	}
	// A cmdlet that cannot say it is not asked at all.
	inv.Cmdlet = "New-Widget"
	before := len(w.requests())
	var missing *exorest.UnsupportedError
	if err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), inv, h); !errors.As(err, &missing) {
		t.Errorf("New-Widget -WhatIf: %v", err)
	}
	for _, r := range w.requests()[before:] {
		if strings.HasSuffix(r.uri, "InvokeCommand") {
			t.Errorf("sent %s", r.body)
		}
	}
}

// Every error body gives the reason, its class and its id, and nothing around it.
func TestErrorsOfTheSamples(t *testing.T) {
	for name, want := range map[string]struct{ text, class, id string }{
		"error-not-found-pipe.json": {"The operation couldn't be performed because object 'gone' couldn't be found on 'NDDC01.EURPRD99.PROD.OUTLOOK.COM'.", "ManagementObjectNotFoundException", "Ex6F9304"},
		"error-exists-json.json":    {"The object 'CN=all,OU=nordwind' already exists.", "ADObjectAlreadyExistsException", ""},
		"error-bad-parameter.json":  {"Parameter set cannot be resolved using the specified named parameters. Invalid cmdlet parameters specified. Bogus", "AmbiguousParameterSetException", ""},
		"error-bad-enum.json":       {"Cannot process argument transformation on parameter 'Colour'.", "ParameterTransformationException", ""},
		"error-ambiguous.json":      {"The operation couldn't be performed because 'Ada' matches multiple entries.", "ManagementObjectAmbiguousException", "Ex9C2F1A"},
		"error-proxy.json":          {"Error on proxy command 'Remove-Widget -Identity:'x'' to server", "CmdletProxyException", ""},
		"error-anchor.json":         {"The x-anchor mailbox 'ada@nordwind.example' does not match the target of the request.", "", ""},
		"error-transient.json":      {"", "TransientException", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, h, err := play(t, name)
			var e *exorest.CmdletError
			if !errors.As(err, &e) {
				t.Fatalf("Run = %v", err)
			}
			if !strings.HasPrefix(e.Message, want.text) || !strings.HasSuffix(e.Class, want.class) || e.ID != want.id || e.RequestID == "" || e.Server == "" {
				t.Errorf("%+v", e)
			}
			if strings.Contains(err.Error(), "Error executing cmdlet") && name != "error-proxy.json" || strings.Contains(err.Error(), "stacktrace") {
				t.Errorf("the text is that of around: %v", err)
			}
			if h.rows() != 0 {
				t.Errorf("%d rows", h.rows())
			}
		})
	}
}

// A cmdlet beyond the role has an error of its own, in each of its forms.
func TestNotPermittedOfTheSamples(t *testing.T) {
	for _, name := range []string{"error-rbac-nul.json", "error-rbac-json.json"} {
		s := readSample(t, name)
		answers := []sampleResponse{s.Response}
		if len(s.Also) > 0 {
			var also []sampleResponse
			if err := json.Unmarshal(s.Also, &also); err != nil {
				t.Fatal(err)
			}
			answers = append(answers, also...)
		}
		for _, a := range answers {
			w := newWorld(t, playing(a))
			err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), cmdlet.Invocation{Cmdlet: "Get-RoleGroup"}, newHeard())
			var e *exorest.NotPermittedError
			if !errors.As(err, &e) || e.Op != "Get-RoleGroup" {
				t.Errorf("%s, HTTP %d: %v", name, a.Status, err)
			}
			if n := len(w.requests()); n != 1 {
				t.Errorf("%s: %d requests", name, n)
			}
		}
	}
}

// A claims challenge, or a token that has ended, is answered by one new token and
// one more try.
func TestChallengesOfTheSamples(t *testing.T) {
	fine := readSample(t, "rows-tri-state.json")
	for name, claims := range map[string]string{"error-auth-claims.json": `{"access_token":{"nbf":{"essential":true, "value":"1764244800"}}}`, "error-auth-expired.json": ""} {
		s := readSample(t, name)
		k := &tokens{tenant: tenant}
		w := newWorld(t, playing(s.Response, fine.Response))
		h := newHeard()
		if err := w.dial(k).Run(t.Context(), fine.Request.invocation(t), h); err != nil || h.rows() != 1 || len(w.requests()) != 2 {
			t.Errorf("%s: %d rows by %d requests, %v", name, h.rows(), len(w.requests()), err)
		}
		last := k.requests()[len(k.requests())-1]
		if !last.Fresh || last.Claims != claims || last.Tenant != tenant {
			t.Errorf("%s: asked for %+v", name, last)
		}
		// And when the new one is refused as well, that is the end.
		w = newWorld(t, playing(s.Response))
		var refused *exorest.RefusedError
		if err := w.dial(k).Run(t.Context(), fine.Request.invocation(t), newHeard()); !errors.As(err, &refused) || len(w.requests()) != 2 {
			t.Errorf("%s: %d requests, %v", name, len(w.requests()), err)
		}
	}
	s := readSample(t, "error-auth-no-bearer.json")
	w := newWorld(t, playing(s.Response))
	var refused *exorest.RefusedError
	if err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), fine.Request.invocation(t), newHeard()); !errors.As(err, &refused) {
		t.Errorf("no bearer: %v", err)
	}
}

// What passes is read again; a change is not.
func TestThrottledAndTimedOutSamples(t *testing.T) {
	fine := readSample(t, "rows-tri-state.json")
	soon := func(r sampleResponse) sampleResponse {
		headers := maps.Clone(r.Headers)
		if headers["Retry-After"] != "" {
			headers["Retry-After"] = "0"
		}
		r.Headers = headers
		return r
	}
	throttled, slow, passing := readSample(t, "error-throttled.json"), readSample(t, "error-timeout.json"), readSample(t, "error-transient.json")
	for name, r := range map[string]sampleResponse{"throttled": soon(throttled.Response), "timeout": slow.Response, "transient": passing.Response} {
		w := newWorld(t, playing(r, r, fine.Response))
		h := newHeard()
		if err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), fine.Request.invocation(t), h); err != nil || h.rows() != 1 || len(w.requests()) != 3 {
			t.Errorf("%s: %d rows by %d requests, %v", name, h.rows(), len(w.requests()), err)
		}
		w = newWorld(t, playing(r, fine.Response))
		set := cmdlet.Invocation{Cmdlet: "Set-Mailbox", Args: []cmdlet.Arg{{Name: "Identity", Value: user}}}
		err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), set, newHeard())
		posts := 0
		for _, r := range w.requests() {
			if strings.HasSuffix(r.uri, "InvokeCommand") {
				posts++
			}
		}
		var partial *session.PartialError
		if unsure := errors.As(err, &partial) && partial.Unsure; err == nil || posts != 1 || unsure != (name == "timeout") {
			t.Errorf("%s: a change: %d posts, %v", name, posts, err)
		}
	}
}

// A region is followed within the service, and nowhere else.
func TestRedirectsOfTheSamples(t *testing.T) {
	fine := readSample(t, "rows-tri-state.json").Response
	for _, c := range []struct{ name, base, region string }{
		{"redirect-online.json", front, "eur02b.outlook.office365.com"},
		{"redirect-compliance.json", "https://ps.compliance.protection.outlook.com", "b.ps.compliance.protection.outlook.com"},
		{"redirect-foreign.json", front, ""},
	} {
		s := readSample(t, c.name)
		answer := s.Response
		if s.Exchange != nil {
			answer = s.Exchange[0].Response
		}
		w := newWorld(t, playing(answer, fine))
		h := newHeard()
		at := func(target *session.Target) { target.Endpoint.URL = c.base }
		conn := w.dial(&tokens{tenant: tenant}, at)
		err := conn.Run(t.Context(), cmdlet.Invocation{Cmdlet: "Get-AcceptedDomain"}, h)
		all := w.requests()
		if c.region == "" {
			var refused *exorest.RedirectError
			if !errors.As(err, &refused) || len(all) != 1 {
				t.Errorf("%s: %d requests, %v", c.name, len(all), err)
			}
			for _, host := range w.hosts() {
				if strings.Contains(host, "evil") {
					t.Errorf("%s was called", host)
				}
			}
			continue
		}
		if err != nil || len(all) != 2 || !strings.HasSuffix(all[1].host, c.region) || all[1].method != http.MethodPost || string(all[1].body) != string(all[0].body) ||
			all[1].header.Get("Authorization") != "Bearer "+secret {
			t.Errorf("%s: %v, %+v", c.name, err, all)
			continue
		}
		if err := conn.Run(t.Context(), cmdlet.Invocation{Cmdlet: "Get-AcceptedDomain"}, h); err != nil || w.requests()[2].host != all[1].host {
			t.Errorf("%s: the region is not kept: %v", c.name, err)
		}
	}
}

// A token of another tenant stops the run before anything is sent.
func TestWrongTenantOfTheSample(t *testing.T) {
	_ = readSample(t, "error-wrong-tenant.json") // an answer that nothing tells from a right one
	fine := readSample(t, "rows-tri-state.json")
	w := newWorld(t, playing(fine.Response))
	k := &tokens{tenant: tenant}
	c := w.dial(k)
	k.mu.Lock()
	k.tenant = "00000000-1111-2222-3333-444444444444"
	k.mu.Unlock()
	var wrong *session.WrongTenantError
	if err := c.Run(t.Context(), fine.Request.invocation(t), newHeard()); !errors.As(err, &wrong) || len(w.requests()) != 0 {
		t.Errorf("%d requests, %v", len(w.requests()), err)
	}
	d := exorest.NewDoor(exorest.Options{Tokens: k})
	if _, err := d.Dial(t.Context(), w.target(), session.DialOptions{}); !errors.As(err, &wrong) {
		t.Errorf("Dial = %v", err)
	}
}

// A version that has no InvokeCommand says so by its status.
func TestWrongVersionOfTheSample(t *testing.T) {
	s := readSample(t, "error-wrong-version.json")
	w := newWorld(t, playing(s.Response))
	at := func(target *session.Target) { target.Endpoint.Modern.BasePath = "/adminapi/v1.0" }
	err := w.dial(&tokens{tenant: tenant}, at).Run(t.Context(), cmdlet.Invocation{Cmdlet: "Get-Mailbox"}, newHeard())
	var page *exorest.HTTPError
	if !errors.As(err, &page) || page.Status != 405 || !strings.Contains(w.requests()[0].uri, "/adminapi/v1.0/"+tenant) {
		t.Errorf("%v", err)
	}
}

// The batch of the sample: the parts come in another order, one is refused for
// the pace and asked again, one has an error of its own.
func TestBatchOfTheSample(t *testing.T) {
	s := readSample(t, "batch.json")
	rounds := 0
	w := newWorld(t, func(w http.ResponseWriter, r sent) {
		rounds++
		var in struct {
			Requests []struct {
				ID      string
				URL     string
				Headers map[string]string
				Body    json.RawMessage
			}
		}
		if err := json.Unmarshal(r.body, &in); err != nil || !strings.HasSuffix(r.uri, "$batch") {
			t.Errorf("%s: %v", r.uri, err)
		}
		text := string(s.Response.Body)
		for i, id := range []string{"2c0a1d7e-1c55-4f0a-9d10-000000000001", "2c0a1d7e-1c55-4f0a-9d10-000000000002", "2c0a1d7e-1c55-4f0a-9d10-000000000003"} {
			if rounds == 1 {
				text = strings.ReplaceAll(text, id, in.Requests[i].ID)
			} else {
				text = strings.ReplaceAll(text, "2c0a1d7e-1c55-4f0a-9d10-000000000001", in.Requests[0].ID)
			}
		}
		text = strings.ReplaceAll(text, `"Retry-After": "7"`, `"Retry-After": "0"`)
		a := s.Response
		a.Body = []byte(text)
		a.write(w)
	})
	c := w.dial(&tokens{tenant: tenant}, func(t *session.Target) { t.Tenant.Domain = "nordwind.example" })
	each, ok := c.(session.EachRunner)
	if !ok {
		t.Fatal("the connection has no batches")
	}
	var calls []session.Call
	sinks := []*heard{newHeard(), newHeard(), newHeard()}
	for i, who := range []string{"ada@nordwind.example", "gone@nordwind.example", "bob@nordwind.example"} {
		calls = append(calls, session.Call{Command: cmdlet.Invocation{Cmdlet: "Get-MailboxStatistics", Args: []cmdlet.Arg{{Name: "Identity", Value: who}}}, Sink: sinks[i]})
	}
	errs, can := each.RunEach(t.Context(), calls)
	var gone *exorest.CmdletError
	if !can || errs[0] != nil || !errors.As(errs[1], &gone) || gone.ID != "Ex6F9304" || errs[2] != nil {
		t.Errorf("%v, %v", can, errs)
	}
	if sinks[0].rows() != 1 || sinks[1].rows() != 0 || sinks[2].rows() != 1 || rounds != 2 {
		t.Errorf("%d, %d, %d rows in %d rounds", sinks[0].rows(), sinks[1].rows(), sinks[2].rows(), rounds)
	}
	var want, got struct{ Requests []map[string]any }
	if json.Unmarshal(s.Request.Body, &want) != nil || json.Unmarshal(w.requests()[0].body, &got) != nil || len(got.Requests) != 3 {
		t.Fatalf("sent %s", w.requests()[0].body)
	}
	for _, key := range []string{"method", "url", "body"} {
		if !reflect.DeepEqual(want.Requests[0][key], got.Requests[0][key]) {
			t.Errorf("%s: %v, want %v", key, got.Requests[0][key], want.Requests[0][key])
		}
	}
	if h := w.requests()[0].header; h.Get("Prefer") != s.Request.Headers["Prefer"] {
		t.Errorf("Prefer: %q", h.Get("Prefer"))
	}
}

// The documented interface has the same envelope at another path.
func TestDocumentedInterfaceOfTheSample(t *testing.T) {
	s := readSample(t, "adminapi-v2.json")
	w := newWorld(t, playing(s.Response))
	h := newHeard()
	c := w.dial(&tokens{tenant: tenant}, func(t *session.Target) { t.Endpoint.Modern.BasePath = "/adminapi/v2.0" })
	err := c.Run(t.Context(), session.Narrowed{Command: s.Request.invocation(t), Columns: []string{"User", "AccessRights"}}, h)
	if err != nil || h.rows() != 1 {
		t.Fatalf("%d rows, %v", h.rows(), err)
	}
	if r := w.requests()[0]; !strings.HasPrefix(r.uri, "/adminapi/v2.0/"+tenant+"/MailboxFolderPermission?$select=User,AccessRights") {
		t.Errorf("sent to %s", r.uri)
	}
}

// The module file of the sample: names, sets, places, kinds.
func TestModuleFileOfTheSample(t *testing.T) {
	script := string(fixture.Read(t, "exo-rest", "psm1-sample.txt"))
	s := readSample(t, "modulefile.json")
	var body map[string]any
	if err := json.Unmarshal(s.Response.Body, &body); err != nil {
		t.Fatal(err)
	}
	answer := s.Response
	w := newWorld(t, func(w http.ResponseWriter, r sent) {
		b, err := json.Marshal(map[string]any{"value": []any{map[string]any{"fileName": "ExchangeOnline.psm1", "fileContent": script, "exportedCmdlets": "Get-Widget,Set-Widget,Remove-Widget"}}})
		if err != nil {
			t.Error(err)
		}
		if r.header.Get("CommandName") != "*" || r.method != http.MethodGet || !strings.HasPrefix(r.uri, "/adminapi/v1.0/"+tenant+"/EXOModuleFile?Version=") {
			t.Errorf("asked by %s %s %v", r.method, r.uri, r.header)
		}
		answer.Body = b
		answer.write(w)
	})
	list, err := w.dial(&tokens{tenant: tenant}).Commands(t.Context())
	if err != nil || len(list) != 3 {
		t.Fatalf("%d cmdlets, %v", len(list), err)
	}
	byName := map[string]cmdlet.Cmdlet{}
	for _, c := range list {
		byName[c.Name] = c
	}
	get, set := byName["Get-Widget"], byName["Set-Widget"]
	if get.DefaultSet != "Identity" || len(get.Parameters) != 4 || len(set.Parameters) != 12 || len(byName["Remove-Widget"].Parameters) != 0 {
		t.Fatalf("%+v", list)
	}
	size, _ := get.Parameter("ResultSize")
	anr, _ := get.Parameter("Anr")
	identity, _ := set.Parameter("Identity")
	if !slices.Equal(size.Sets, []string{"Identity", "Anr"}) || anr.Mandatory || identity.Position != 0 || !identity.Mandatory {
		t.Errorf("%+v, %+v, %+v", size, anr, identity)
	}
	for name, kind := range map[string]cmdlet.Kind{
		"Members": cmdlet.List, "Enabled": cmdlet.Bool, "Priority": cmdlet.Number, "ExpiryDate": cmdlet.Date, "Password": cmdlet.SecretKind, "Credentials": cmdlet.Credential,
		"Settings": cmdlet.Hashtable, "FileData": cmdlet.File, "Colour": cmdlet.Text, "Link": cmdlet.Text,
	} {
		if p, ok := set.Parameter(name); !ok || p.Kind != kind {
			t.Errorf("%s is %v, want %v", name, p.Kind, kind)
		}
	}
}
