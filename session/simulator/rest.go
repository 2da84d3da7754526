package simulator

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"postroom/session/simulator/entra"
	"postroom/session/simulator/exchange"
)

// restDoor is the REST door to the same cmdlets: InvokeCommand, batches and the
// module file below /adminapi/, and the authority that its tokens come from.
type restDoor struct {
	server      *Server
	authority   *entra.Authority
	application *application

	mu      sync.Mutex
	cursors map[string]*cursor // by id
}

// restCaller is who sends a request to the REST door.
type restCaller struct {
	account string // "" for an application
	tenant  *exchange.Tenant
}

func (s *Server) newRESTDoor() (*restDoor, error) {
	app, err := newApplication(time.Now())
	if err != nil {
		return nil, err
	}
	d := &restDoor{server: s, application: app, cursors: map[string]*cursor{}}
	d.authority, err = entra.New(entra.Options{
		Base: s.base(), ClientID: app.id, Certificate: app.certificate, Audience: s.base(), Graph: s.base() + graphPath, Home: s.service.Own().ID, Now: s.options.Clock.Now,
		Find: func(name string) (entra.Tenant, bool) {
			t := s.service.Find(name)
			if t == nil {
				return entra.Tenant{}, false
			}
			return entra.Tenant{ID: t.ID, Domain: t.Domain, Open: t.Delegated}, true
		},
		Check: s.checkPassword,
		Refuse: func(account, tenant string) int {
			if rule, ok := s.fault(occasion{kind: Token, account: account, tenant: tenant}); ok {
				return rule.Code
			}
			return 0
		},
		Secret: s.options.Secret,
	})
	return d, err
}

// checkPassword says whether an account may sign in at the authority; an empty
// password asks about the account alone.
func (s *Server) checkPassword(user, password string) (refusal int, ok bool) {
	account, known := s.accounts[strings.ToLower(user)]
	switch {
	case !known:
		return 50034, false
	case password != "" && password != account.Password, password == "" && account.State == AccountNotEnabled:
		return map[bool]int{true: 50057, false: 50126}[password == ""], false
	case password == "":
		return 0, true
	case account.State == AccountNotEnabled:
		return 50057, false
	case account.State == AccountMFA:
		return 50076, false
	}
	return 0, true
}

// serve takes a request below /adminapi/.
func (d *restDoor) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRESTBody+1))
	if err != nil {
		panic(http.ErrAbortHandler) // the client is gone
	}
	if len(body) > maxRESTBody {
		write(w, pageAnswer(d.server.pageOf(TooLarge)))
		return
	}
	version, tenant, resource := restPath(r.URL.Path)
	kind := restKind(resource)
	d.server.counters.count(func(st *Stats) { st.RequestsByKind[string(kind)]++ })
	who, refused := d.caller(r, tenant)
	rule, faulty := d.server.fault(occasion{kind: kind, account: who.account, tenant: who.domain(), cmdlet: cmdletOf(body)})
	if faulty && rule.Fault == Redirect && rule.Location == "" && strings.HasPrefix(r.Host, "localhost") {
		faulty = false // it is where the redirect goes
	}
	if faulty && d.server.playBefore(w, r, nil, signedIn{account: who.account, tenant: who.tenant}, rule) {
		return
	}
	if faulty {
		if a, ok := d.faultAnswer(rule, who); ok {
			write(w, a)
			return
		}
	}
	serve := func() answer {
		if refused != nil {
			d.server.counters.count(func(st *Stats) { st.Unauthorized++ })
			return *refused
		}
		return d.route(r, restRequest{who: who, version: version, resource: resource, body: body, header: r.Header})
	}
	if faulty {
		d.server.playAfter(w, r, rule, serve)
		return
	}
	write(w, serve())
}

// maxRESTBody is the longest request that is taken: a batch of changes with
// files in it.
const maxRESTBody = 32 << 20

// restRequest is a request of somebody who is signed in, alone or in a batch.
type restRequest struct {
	who               restCaller
	version, resource string
	body              []byte
	header            http.Header
	query             string
}

// restPath takes "/adminapi/VERSION/TENANT/RESOURCE" apart.
func restPath(path string) (version, tenant, resource string) {
	parts := strings.SplitN(strings.Trim(path, "/"), "/", 4)
	parts = append(parts, "", "", "", "")
	return strings.ToLower(parts[1]), parts[2], strings.ToLower(parts[3])
}

// restKind is what the rules of faults call a request.
func restKind(resource string) Kind {
	switch {
	case resource == "$batch":
		return Batch
	case strings.HasPrefix(resource, "exomodulefile"):
		return Module
	}
	return Invoke
}

func (d *restDoor) route(r *http.Request, q restRequest) answer {
	q.query = r.URL.RawQuery
	switch {
	case strings.HasPrefix(q.resource, "exomodulefile") && r.Method == http.MethodGet:
		return d.moduleFile(q)
	case strings.HasPrefix(q.resource, "exobanner") && r.Method == http.MethodGet:
		return d.ok(q, "EXOBanner", []byte("[]"))
	case q.resource == "invokecommand" && (q.version != "beta" || r.Method != http.MethodPost):
		return answer{status: 405, header: http.Header{"Allow": {map[bool]string{true: "POST", false: "GET"}[q.version == "beta"]}}}
	case q.resource == "invokecommand":
		return d.invoke(q)
	case q.resource == "$batch" && r.Method == http.MethodPost:
		return d.batch(q)
	}
	return answer{status: 404}
}

func (c restCaller) domain() string {
	if c.tenant == nil {
		return ""
	}
	return c.tenant.Domain
}

// caller reads the token. The answer is the refusal: as the service does, it
// asks for Basic until somebody shows a bearer.
func (d *restDoor) caller(r *http.Request, tenant string) (restCaller, *answer) {
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer {
		return restCaller{}, challenge(`Basic realm=""`)
	}
	claims, err := d.authority.Verify(token)
	if err != nil {
		what := "invalid_token"
		if errors.Is(err, entra.ErrExpired) {
			what = "invalid_token\", error_description=\"The token is expired."
		}
		return restCaller{}, challenge(d.bearer(`error="` + what + `"`))
	}
	who := restCaller{account: claims.Account, tenant: d.server.service.Find(claims.Tenant)}
	if path := d.server.service.Find(tenant); path == nil || path != who.tenant {
		return who, &answer{status: 403, header: http.Header{"Content-Type": {"application/json"}}, body: []byte(`{"error":{"code":"Forbidden","message":"The tenant of the token is not the one of the request."}}`)}
	}
	if account := d.server.accounts[strings.ToLower(who.account)]; who.account != "" && account.State == AccountNoRole {
		return who, new(notPermitted())
	}
	return who, nil
}

func challenge(text string) *answer {
	return &answer{status: 401, header: http.Header{"Www-Authenticate": {text}, "Request-Id": {exchange.GUID(text)}}}
}

// bearer is Exchange's challenge for a token.
func (d *restDoor) bearer(more string) string {
	return `Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@*", token_types="app_asserted_user_v1", authorization_uri="` +
		d.server.base() + `/common/oauth2/authorize", ` + more
}

// notPermitted is how a cmdlet is refused that the role lacks, or that there is
// not: zeros that are declared gzip and are not.
func notPermitted() answer {
	return answer{status: 403, header: http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}, body: make([]byte, 4096)}
}

// header is what every answer of the service has.
func (d *restDoor) header(q restRequest) http.Header {
	now := d.server.options.Clock.Now().UTC()
	id := exchange.GUID(now.String() + q.header.Get("client-request-id"))
	return http.Header{
		"Content-Type":  {"application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"},
		"Odata-Version": {"4.0"}, "Preference-Applied": {`odata.include-annotations="*"`}, "Request-Id": {id},
		"X-Calculatedbetarget": {q.who.tenant.Server() + ".EURPR06.PROD.OUTLOOK.EXAMPLE"}, "X-Backendhttpstatus": {"200,200"},
		"Rate-Limit-Limit": {"30000"}, "Rate-Limit-Remaining": {"29994"}, "Rate-Limit-Reset": {now.Add(5 * time.Minute).Format("2006-01-02T15:04:05.000Z")},
		"X-Concurrencycount": {"0"},
	}
}

func (d *restDoor) context(q restRequest, what string) string {
	return fmt.Sprintf("%s/adminapi/%s/%s/$metadata#%s", d.server.base(), q.version, q.who.tenant.ID, what)
}

// ok is an answer whose value is an array in JSON.
func (d *restDoor) ok(q restRequest, what string, value []byte) answer {
	b := append([]byte(`{"@odata.context":`), quoted(d.context(q, what))...)
	b = append(append(append(b, `,"value":`...), value...), '}')
	return answer{status: 200, header: d.header(q), body: b}
}

func quoted(text string) []byte {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // a text can be written
	}
	return b
}

// moduleFile answers with the cmdlets that the role may run.
func (d *restDoor) moduleFile(q restRequest) answer {
	script, exported := q.who.tenant.ModuleFile(d.application.xmlKey())
	value := append([]byte(`[{"fileName":"ExchangeOnline.psm1","exportedCmdlets":`), quoted(strings.Join(exported, ","))...)
	value = append(append(append(value, `,"fileContent":`...), quoted(script)...), `},{"fileName":"ExchangeOnline.psd1","fileContent":"@{ ModuleVersion = '1.0' }"}]`...)
	return d.ok(q, "EXOModuleFile", value)
}

// batch serves up to ten requests in one; each has an answer of its own.
func (d *restDoor) batch(q restRequest) answer {
	var in struct {
		Requests []struct {
			ID      string            `json:"id"`
			URL     string            `json:"url"`
			Headers map[string]string `json:"headers"`
			Body    json.RawMessage   `json:"body"`
		} `json:"requests"`
	}
	if err := json.Unmarshal(q.body, &in); err != nil || len(in.Requests) > 10 {
		return d.refusal(q, restError{status: 400, code: "BadRequest", message: "The batch cannot be read, or has more than 10 requests."})
	}
	b := []byte(`{"responses":[`)
	for i, one := range in.Requests {
		if i > 0 {
			b = append(b, ',')
		}
		inner := restRequest{who: q.who, version: q.version, body: one.Body, header: http.Header{}}
		for name, text := range one.Headers {
			inner.header.Set(name, text)
		}
		_, inner.query, _ = strings.Cut(one.URL, "?")
		if c := q.header.Get("connection-id"); inner.header.Get("connection-id") == "" {
			inner.header.Set("connection-id", c)
		}
		a := d.invoke(inner)
		b = append(append(append(b, `{"id":`...), quoted(one.ID)...), fmt.Sprintf(`,"status":%d,"headers":{"Content-Type":"application/json"},"body":`, a.status)...)
		if json.Valid(a.body) {
			b = append(b, a.body...)
		} else {
			b = append(b, quoted(base64.StdEncoding.EncodeToString(a.body[:min(len(a.body), 48)]))...)
		}
		b = append(b, '}')
	}
	return answer{status: 200, header: d.header(q), body: append(b, "]}"...)}
}
