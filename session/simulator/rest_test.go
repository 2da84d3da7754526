package simulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"postroom/session/simulator"
)

// caller is a tiny client of the REST door.
type caller struct {
	t      *testing.T
	s      *simulator.Server
	http   *http.Client
	token  string
	tenant string
	header map[string]string
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	text   []byte
	body   map[string]any
}

func (r reply) rows() []map[string]any {
	list, _ := r.body["value"].([]any)
	rows := make([]map[string]any, len(list))
	for i := range list {
		rows[i], _ = list[i].(map[string]any)
	}
	return rows
}

func startREST(t *testing.T, o simulator.Options) *simulator.Server {
	t.Helper()
	o.REST = true
	return start(t, o)
}

func tenantID(t *testing.T, s *simulator.Server, domain string) string {
	t.Helper()
	for _, one := range s.Tenants() {
		if one.Domain == domain {
			return one.ID
		}
	}
	t.Fatalf("no tenant %s", domain)
	return ""
}

// tokenOf signs the account in by password and gives the answer.
func tokenOf(t *testing.T, s *simulator.Server, tenant, user string) reply {
	t.Helper()
	return post(t, s, strings.Replace(s.AuthorityURL(), "organizations", tenant, 1)+"/oauth2/v2.0/token", url.Values{
		"client_id": {s.ClientID()}, "grant_type": {"password"}, "username": {user}, "password": {s.Password()}, "scope": {s.RESTURL() + "/.default openid profile offline_access"},
	})
}

func trusting(s *simulator.Server) *http.Client {
	tr := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // it is one
	tr.TLSClientConfig.RootCAs = s.RootCAs()
	return &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func post(t *testing.T, s *simulator.Server, to string, form url.Values) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return send(t, trusting(s), r)
}

func send(t *testing.T, c *http.Client, r *http.Request) reply {
	t.Helper()
	defer c.CloseIdleConnections()
	got, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	b, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	out := reply{status: got.StatusCode, header: got.Header, text: b}
	_ = json.Unmarshal(b, &out.body) // what is no JSON is looked at as text
	return out
}

func restCaller(t *testing.T, s *simulator.Server, domain string) *caller {
	t.Helper()
	id := tenantID(t, s, domain)
	got := tokenOf(t, s, id, s.Account())
	token, ok := got.body["access_token"].(string)
	if !ok {
		t.Fatalf("no token: %d %s", got.status, got.text)
	}
	return &caller{t: t, s: s, http: trusting(s), token: token, tenant: id, header: map[string]string{"Accept-Encoding": "gzip", "connection-id": "c1", "Prefer": "odata.maxpagesize=1000"}}
}

func (c *caller) request(method, path string, body any) reply {
	c.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	if !strings.HasPrefix(path, "https://") {
		path = c.s.RESTURL() + "/adminapi/" + path
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, path, bytes.NewReader(b))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	for name, text := range c.header {
		r.Header.Set(name, text)
	}
	return send(c.t, c.http, r)
}

func (c *caller) run(name string, parameters map[string]any) reply {
	c.t.Helper()
	if parameters == nil {
		parameters = map[string]any{}
	}
	return c.request(http.MethodPost, "beta/"+c.tenant+"/InvokeCommand", input(name, parameters))
}

func input(name string, parameters map[string]any) map[string]any {
	return map[string]any{"CmdletInput": map[string]any{"CmdletName": name, "Parameters": parameters}}
}

// The same rows come through both doors.
func TestBothDoorsHaveTheSameData(t *testing.T) {
	s := startREST(t, simulator.Options{Epoch: epoch})
	classic := mustOpen(t, s, dial{tenant: "soleil.example"})
	defer classic.close()
	c := restCaller(t, s, "soleil.example")
	for _, name := range []string{"Get-Mailbox", "Get-TransportRule", "Get-AcceptedDomain", "Get-MailboxPermission"} {
		i, parameters := call(name), map[string]any{}
		if name == "Get-MailboxPermission" {
			alias := classic.run(call("Get-Mailbox")).get(t, 5, "Alias")
			i, parameters = call(name, "Identity", alias), map[string]any{"Identity": alias}
		}
		want, got := classic.run(i), c.run(name, parameters)
		rows := got.rows()
		if got.status != 200 || len(rows) != len(want.rows) || len(rows) == 0 {
			t.Fatalf("%s: %d, %d rows and not %d: %.300s", name, got.status, len(rows), len(want.rows), got.text)
		}
		for n := range rows {
			for _, column := range []string{"Identity", "Name", "DisplayName", "User", "Priority", "Comments", "WhenChanged"} {
				if text, ok := rows[n][column].(string); ok && column != "WhenChanged" && text != want.get(t, n, column) {
					t.Errorf("%s row %d: %s is %q and %q", name, n, column, text, want.get(t, n, column))
				}
			}
		}
	}
	row := c.run("Get-Mailbox", map[string]any{"ResultSize": 1}).rows()[0]
	for key, want := range map[string]any{"ExchangeGuid@data.type": "System.Guid", "ExchangeGuid@odata.type": "#Guid", "EmailAddresses@odata.type": "#Collection(String)", "RetainDeletedItemsFor": "14.00:00:00", "WhenCreated@data.type": "System.DateTime"} {
		if row[key] != want {
			t.Errorf("%s is %v, want %v", key, row[key], want)
		}
	}
	if row["MailTip@data.type"] != nil || !strings.HasSuffix(fmt.Sprint(row["WhenChangedUTC"]), "Z") || row["SerializationData"] != nil {
		t.Errorf("annotations: %v", row)
	}
}

func TestRESTPages(t *testing.T) {
	s := startREST(t, simulator.Options{Rows: 250, Epoch: epoch})
	c := restCaller(t, s, "soleil.example")
	c.header["Prefer"] = "odata.maxpagesize=100"
	seen := map[any]bool{}
	got := c.run("Get-Mailbox", map[string]any{"ResultSize": "Unlimited"})
	c.header["Cookie"], _, _ = strings.Cut(got.header.Get("Set-Cookie"), ";")
	var link string
	for page := 1; ; page++ {
		for _, r := range got.rows() {
			if seen[r["Guid"]] {
				t.Fatalf("page %d: a row twice", page)
			}
			seen[r["Guid"]] = true
		}
		if link, _ = got.body["@odata.nextLink"].(string); link == "" {
			break
		}
		first := c.request(http.MethodPost, link, input("Get-Mailbox", map[string]any{"ResultSize": "Unlimited"}))
		got = c.request(http.MethodPost, link, input("Get-Mailbox", map[string]any{"ResultSize": "Unlimited"})) // its answer was lost
		if !bytes.Equal(first.text, got.text) || got.status != 200 {
			t.Fatalf("page %d came differently the second time: %d %.200s", page+1, got.status, got.text)
		}
	}
	if len(seen) != 250 {
		t.Errorf("%d rows of 250", len(seen))
	}
	got = c.run("Get-Mailbox", map[string]any{"ResultSize": 10})
	link, _ = got.body["@odata.nextLink"].(string)
	if len(got.rows()) != 10 || link == "" {
		t.Errorf("ResultSize 10: %d rows, link %q", len(got.rows()), link)
	}
	c.header["connection-id"] = "another"
	got = c.request(http.MethodPost, link, input("Get-Mailbox", map[string]any{"ResultSize": 10}))
	if got.status != 400 || !strings.Contains(string(got.text), "Expired or Invalid pagination request") {
		t.Errorf("another connection: %d %s", got.status, got.text)
	}
}

func TestRESTErrorsAndConfirmation(t *testing.T) {
	s := startREST(t, simulator.Options{Epoch: epoch})
	c := restCaller(t, s, "alpenhof.example")
	for _, tc := range []struct {
		cmdlet     string
		parameters map[string]any
		status     int
		text       string
	}{
		{"Get-Mailbox", map[string]any{"Identity": "gone"}, 404, "|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object 'gone' couldn't be found"},
		{"Get-Mailbox", map[string]any{"Bogus": 1}, 400, "A parameter cannot be found that matches parameter name 'Bogus'"},
		{"Get-Mailbox", map[string]any{"RecipientTypeDetails": "Mauve"}, 400, "Unable to match the identifier name Mauve"},
		{"New-TransportRule", map[string]any{"Name": "Extern kennzeichnen", "PrependSubject": "x"}, 400, `\"TypeName\":\"Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException\"`},
	} {
		got := c.run(tc.cmdlet, tc.parameters)
		if got.status != tc.status || !strings.Contains(string(got.text), tc.text) {
			t.Errorf("%s %v: %d %s", tc.cmdlet, tc.parameters, got.status, got.text)
		}
	}
	if got := c.run("Get-NoSuch", nil); got.status != 403 || got.header.Get("Content-Encoding") != "gzip" || bytes.Trim(got.text, "\x00") == nil && len(got.text) == 0 || len(bytes.Trim(got.text, "\x00")) > 0 {
		t.Errorf("an unknown cmdlet: %d %q", got.status, got.text)
	}
	rules := func() int { return len(c.run("Get-TransportRule", nil).rows()) }
	before := rules()
	asked := c.run("Remove-TransportRule", map[string]any{"Identity": "Extern kennzeichnen", "Confirm": true})
	if asked.body["@adminapi.confirmationmessage"] != `Removing the transport rule "Extern kennzeichnen".` || rules() != before {
		t.Errorf("asked: %s", asked.text)
	}
	if c.run("Remove-TransportRule", map[string]any{"Identity": "Extern kennzeichnen", "Confirm": false}); rules() != before-1 {
		t.Error("it was not removed")
	}
	unset := c.run("Set-Mailbox", map[string]any{"Identity": fmt.Sprint(c.run("Get-Mailbox", map[string]any{"ResultSize": 1}).rows()[0]["Alias"])})
	if warnings, _ := unset.body["@adminapi.warnings"].([]any); len(warnings) != 1 || unset.header.Get("X-Warnings") == "" {
		t.Errorf("nothing set: %s", unset.text)
	}
	rule := "TLS zu Partnern erzwingen"
	c.run("Set-TransportRule", map[string]any{"Identity": rule, "RecipientDomainIs": map[string]any{"@odata.type": "#Exchange.GenericHashTable", "Add": []string{"new.example"}, "Remove": []string{"contoso.example"}}})
	if list := fmt.Sprint(c.run("Get-TransportRule", map[string]any{"Identity": rule}).rows()[0]["RecipientDomainIs"]); !strings.Contains(list, "new.example") || strings.Contains(list, "contoso") {
		t.Errorf("the list is %s", list)
	}
	if n := s.Stats().ChangesByCall["alpenhof.example: Remove-TransportRule -Confirm:$true -Identity 'Extern kennzeichnen'"]; n > 1 {
		t.Errorf("a change was counted %d times", n)
	}
}

func TestRESTBatchAndModuleFile(t *testing.T) {
	s := startREST(t, simulator.Options{Epoch: epoch})
	c := restCaller(t, s, "soleil.example")
	var requests []any
	for n, mailbox := range []string{fmt.Sprint(c.run("Get-Mailbox", nil).rows()[0]["Alias"]), "gone"} {
		requests = append(requests, map[string]any{"id": fmt.Sprint(n), "method": "POST", "url": s.RESTURL() + "/adminapi/beta/" + c.tenant + "/InvokeCommand", "body": input("Get-MailboxStatistics", map[string]any{"Identity": mailbox})})
	}
	got := c.request(http.MethodPost, "beta/"+c.tenant+"/$batch", map[string]any{"requests": requests})
	answers, _ := got.body["responses"].([]any)
	if len(answers) != 2 || fmt.Sprint(answers[0].(map[string]any)["status"], answers[1].(map[string]any)["status"]) != "200 404" {
		t.Fatalf("%d: %s", got.status, got.text)
	}
	file := c.request(http.MethodGet, "v1.0/"+c.tenant+"/EXOModuleFile?Version=3.10.1", nil)
	if len(file.rows()) < 1 || file.rows()[0]["fileName"] != "ExchangeOnline.psm1" || !strings.Contains(fmt.Sprint(file.rows()[0]["fileContent"]), "\nfunction script:Set-Mailbox\n") || !strings.Contains(fmt.Sprint(file.rows()[0]["exportedCmdlets"]), "Get-Mailbox,") {
		t.Errorf("the module file: %.400s", file.text)
	}
	if got := c.request(http.MethodPost, "v1.0/"+c.tenant+"/InvokeCommand", input("Get-Mailbox", map[string]any{})); got.status != 405 {
		t.Errorf("another version: %d", got.status)
	}
}

func TestTokensAndTenants(t *testing.T) {
	clock := simulator.NewManualClock(time.Now())
	s := startREST(t, simulator.Options{Clock: clock, Epoch: epoch, Faults: rules(simulator.Rule{Fault: simulator.EntraError, On: simulator.Token, Tenant: "fujimi.example", Code: 53003})})
	c := restCaller(t, s, "soleil.example")
	own := *c
	own.tenant = s.TenantID()
	if got := own.run("Get-AcceptedDomain", nil); got.status != 403 {
		t.Errorf("a token of another tenant: %d", got.status)
	}
	none := *c
	none.token = ""
	none.header = map[string]string{"Authorization": ""}
	if got := none.run("Get-AcceptedDomain", nil); got.status != 401 || got.header.Get("WWW-Authenticate") != `Basic realm=""` {
		t.Errorf("no token: %d %v", got.status, got.header)
	}
	clock.Advance(2 * time.Hour)
	if got := c.run("Get-AcceptedDomain", nil); got.status != 401 || !strings.Contains(got.header.Get("WWW-Authenticate"), "invalid_token") {
		t.Errorf("an old token: %d %v", got.status, got.header)
	}
	for _, tc := range []struct{ tenant, user, want string }{
		{"closed.example", s.Account(), "AADSTS50020"},
		{"fujimi.example", s.Account(), "AADSTS53003"},
		{"nobody.example", s.Account(), "AADSTS90002"},
		{"organizations", "mfa@postroom.example", "AADSTS50076"},
		{"organizations", "disabled@postroom.example", "AADSTS50057"},
		{"organizations", "nobody@postroom.example", "AADSTS50034"},
	} {
		if got := tokenOf(t, s, tc.tenant, tc.user); got.status != 400 || !strings.HasPrefix(fmt.Sprint(got.body["error_description"]), tc.want+":") {
			t.Errorf("%s at %s: %d %s", tc.user, tc.tenant, got.status, got.text)
		}
	}
}

// Each fault of the REST door, played once.
func TestFaultsOfTheRESTDoor(t *testing.T) {
	s := startREST(t, simulator.Options{Epoch: epoch})
	c := restCaller(t, s, "soleil.example")
	for fault, want := range map[simulator.Fault]struct {
		status int
		text   string
	}{
		simulator.TokenExpired: {401, ""}, simulator.ClaimsWanted: {401, ""}, simulator.NotPermitted: {403, "\x00\x00"}, simulator.NotAllowed: {403, "User is not allowed to call"},
		simulator.CursorRefused: {400, "Expired or Invalid pagination"}, simulator.Concurrency: {429, "maximum number of concurrent requests"}, simulator.GatewayTimeout: {504, "Gateway timeout"},
		simulator.WrongAnchor: {400, "ErrorIncorrectRoutingHint"}, simulator.RegionRedirect: {302, ""}, simulator.ServerBusy: {400, "ServerBusyException"},
		simulator.DirectoryError: {500, "ADTransientException"}, simulator.ProxyError: {400, "CmdletProxyException"}, simulator.Unavailable: {503, "Service Unavailable"}, simulator.HTML: {200, "Hotel WLAN"},
	} {
		if err := s.SetFaults(rules(simulator.Rule{Fault: fault, On: simulator.Invoke, Nth: []int{1}})); err != nil {
			t.Fatal(err)
		}
		if got := c.run("Get-AcceptedDomain", nil); got.status != want.status || !strings.Contains(string(got.text), want.text) {
			t.Errorf("%s: %d %.200s", fault, got.status, got.text)
		}
		if got := c.run("Get-AcceptedDomain", nil); got.status != 200 || len(got.rows()) == 0 {
			t.Errorf("after %s: %d %.200s", fault, got.status, got.text)
		}
	}
}
