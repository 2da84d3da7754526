package simulator

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"postroom/session/simulator/entra"
	"postroom/session/simulator/exchange"
	"postroom/session/wsman"
)

const affinityCookie = "MS-WSMAN"

// answer is what goes back to a client.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// serve takes every HTTP request.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/simulator/stats" {
		s.serveStats(w, r)
		return
	}
	s.counters.count(func(st *Stats) { st.Requests++ })
	path := strings.ToLower(strings.TrimSuffix(r.URL.Path, "/"))
	if s.rest != nil && entra.Handles(path) {
		s.rest.authority.ServeHTTP(w, r)
		return
	}
	if s.rest != nil && strings.HasPrefix(path, "/adminapi/") {
		s.rest.serve(w, r)
		return
	}
	if s.rest != nil && strings.HasPrefix(path, graphPath+"/") {
		s.rest.serveGraph(w, r)
		return
	}
	if path != "/powershell-liveid" && path != "/powershell" {
		write(w, pageAnswer(s.pageOf(NotFound)))
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(s.options.MaxEnvelope)+1))
	if err != nil {
		panic(http.ErrAbortHandler) // the client is gone
	}
	if len(body) > s.options.MaxEnvelope {
		write(w, pageAnswer(s.pageOf(TooLarge)))
		return
	}
	if r.Header.Get("Authorization") == "" && len(body) == 0 { // any front end answers that, whatever is wrong behind it
		a := pageAnswer(s.pageOf(Unauthorized))
		s.balanceTo(a, r)
		write(w, a)
		return
	}
	s.serveEnvelope(w, r, body)
}

func (s *Server) serveStats(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "GET only", http.StatusMethodNotAllowed)
		return
	}
	b, err := json.MarshalIndent(s.Stats(), "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(b, '\n')) // the client is gone: nobody to tell
}

func (s *Server) serveEnvelope(w http.ResponseWriter, r *http.Request, body []byte) {
	q, parseErr := wsman.ParseRequest(body)
	kind := Kind("")
	if q != nil {
		kind = Kind(q.Op)
		s.counters.count(func(st *Stats) { st.RequestsByKind[q.Op]++ })
	}
	who, refused := s.signIn(r)
	rule, faulty := s.fault(occasion{kind: kind, account: who.account, tenant: who.domain(), given: s.given(q)})
	if faulty && rule.Fault == Redirect && rule.Location == "" && strings.HasPrefix(r.Host, "localhost") {
		faulty = false // it is where the redirect goes
	}
	if faulty && s.playBefore(w, r, q, who, rule) {
		return
	}
	serve := func() answer {
		switch {
		case refused != nil:
			s.counters.count(func(st *Stats) { st.Unauthorized++ })
			return pageAnswer(*refused)
		case r.Method != http.MethodPost:
			return pageAnswer(page{Status: 405, Header: map[string]string{"Allow": "POST"}})
		case len(body) == 0:
			return pageAnswer(page{Status: 400}) // signed in, and nothing asked
		case parseErr == nil && bytes.Contains(body, []byte(identity)):
			return envelopeAnswer(200, []byte(identified))
		case parseErr != nil || q == nil || q.Op == "":
			return s.faultAnswer(q, simpleFault(who.tenant.Server(), "SchemaValidationError", codeSchemaError, "The SOAP XML in the message does not match the corresponding XML schema definition. Change the XML and retry. "))
		}
		return s.operation(r, q, who, rule)
	}
	if faulty {
		s.playAfter(w, r, rule, serve)
		return
	}
	write(w, serve())
}

// given is how many bytes of output the command of a Receive has given.
func (s *Server) given(q *wsman.Request) int {
	if q == nil || Kind(q.Op) != Receive || q.CommandID == "" {
		return 0
	}
	sh := s.shells.find(q.ShellID)
	id, known := stream(q.CommandID)
	if sh == nil || !known {
		return 0
	}
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return sh.given[id]
}

// identity is the namespace of Identify (WS-Management 1.0, section 11), by
// which clients ask who is there.
const identity = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"

const identified = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body><wsmid:IdentifyResponse xmlns:wsmid="` + identity +
	`"><wsmid:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</wsmid:ProtocolVersion><wsmid:ProductVendor>Postroom simulator</wsmid:ProductVendor>` +
	`<wsmid:ProductVersion>OS: 0.0.0 SP: 0.0 Stack: 3.0</wsmid:ProductVersion></wsmid:IdentifyResponse></s:Body></s:Envelope>`

// playBefore plays a fault that answers instead of the service; false when the
// fault is not of that kind.
func (s *Server) playBefore(w http.ResponseWriter, r *http.Request, q *wsman.Request, who signedIn, rule Rule) bool {
	switch rule.Fault {
	case DropBefore:
		panic(http.ErrAbortHandler)
	case Hang:
		s.pause(r.Context(), time.Duration(rule.Delay), true)
		panic(http.ErrAbortHandler)
	case Delayed:
		s.pause(r.Context(), time.Duration(rule.Delay), false)
		return false
	}
	if p, ok := s.pageFor(rule, r.Host, r.URL.RequestURI()); ok {
		if p.Status == 401 {
			s.counters.count(func(st *Stats) { st.Unauthorized++ })
		}
		write(w, pageAnswer(p))
		return true
	}
	if q == nil {
		return false
	}
	f, ok := s.soapFault(rule, q, who)
	if !ok {
		return false
	}
	if rule.Fault == LostAffinity || rule.Fault == Expire {
		if sh := s.shells.find(q.ShellID); sh != nil {
			s.shells.end(sh, func(st *Stats) {
				if rule.Fault == Expire {
					st.ShellsExpired++
				} else {
					st.ShellsLost++
				}
			})
		}
	}
	write(w, s.faultAnswer(q, f))
	return true
}

// playAfter serves, and spoils the answer.
func (s *Server) playAfter(w http.ResponseWriter, r *http.Request, rule Rule, serve func() answer) {
	a := serve()
	switch rule.Fault {
	case NoCookie:
		a.header.Del("Set-Cookie")
		write(w, a)
	case DropAfter:
		panic(http.ErrAbortHandler)
	case HangAfter:
		s.pause(r.Context(), time.Duration(rule.Delay), true)
		panic(http.ErrAbortHandler)
	case Truncate:
		n := len(a.body) / 2
		if rule.Bytes > 0 {
			n = min(rule.Bytes, len(a.body))
		}
		writeHead(w, a)
		_, _ = w.Write(a.body[:n]) // the rest never comes
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case Slow:
		writeHead(w, a)
		s.trickle(r.Context(), w, a.body, rule.Rate)
	default:
		write(w, a)
	}
}

// pause waits; a pause without an end lasts until the client gives up.
func (s *Server) pause(ctx context.Context, d time.Duration, endless bool) {
	if d == 0 && endless {
		<-ctx.Done()
		return
	}
	done := make(chan struct{})
	stop := s.options.Clock.AfterFunc(d, func() { close(done) })
	defer stop()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// trickle writes at a rate. It takes the machine's time, as networks do.
func (s *Server) trickle(ctx context.Context, w http.ResponseWriter, body []byte, rate int) {
	const steps = 20 // a second
	chunk := max(1, rate/steps)
	tick := time.NewTicker(time.Second / steps)
	defer tick.Stop()
	c := http.NewResponseController(w)
	for len(body) > 0 {
		n := min(chunk, len(body))
		if _, err := w.Write(body[:n]); err != nil {
			return
		}
		if c.Flush() != nil {
			return
		}
		body = body[n:]
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func write(w http.ResponseWriter, a answer) {
	writeHead(w, a)
	_, _ = w.Write(a.body) // the client is gone: nobody to tell
}

func writeHead(w http.ResponseWriter, a answer) {
	h := w.Header()
	for k, v := range a.header {
		h[k] = v
	}
	h.Set("Content-Length", itoa(len(a.body)))
	if h.Get("Content-Type") == "" {
		h["Content-Type"] = nil // do not guess
	}
	w.WriteHeader(a.status)
}

func pageAnswer(p page) answer {
	a := answer{status: p.Status, header: http.Header{}, body: []byte(p.Body)}
	if p.Type != "" {
		a.header.Set("Content-Type", p.Type)
	}
	for k, v := range p.Header {
		a.header.Set(k, v)
	}
	return a
}

func envelopeAnswer(status int, body []byte) answer {
	return answer{status: status, header: http.Header{"Content-Type": {"application/soap+xml;charset=UTF-8"}}, body: body}
}

func (s *Server) faultAnswer(q *wsman.Request, f wsman.Fault) answer {
	if q == nil {
		q = &wsman.Request{}
	}
	status := f.HTTP
	if status == 0 {
		status = 500
	}
	return envelopeAnswer(status, wsman.AppendFault(nil, q, f))
}

// signedIn is who asks, for which tenant.
type signedIn struct {
	account string
	state   AccountState
	tenant  *exchange.Tenant // of the account, or the one that DelegatedOrg= names; own when that is not known
	asked   string           // DelegatedOrg=
}

func (w signedIn) domain() string {
	if w.tenant == nil {
		return ""
	}
	return w.tenant.Domain
}

// signIn checks the Basic header. The page is the refusal.
func (s *Server) signIn(r *http.Request) (signedIn, *page) {
	who := signedIn{tenant: s.service.Own(), asked: delegatedOrg(r.URL)}
	if t := s.service.Find(who.asked); t != nil {
		who.tenant = t
	}
	user, password, ok := r.BasicAuth()
	if ok {
		who.account = strings.ToLower(user)
	}
	account, known := s.accounts[who.account]
	// compared in any case, so that an unknown name takes as long as a wrong password
	same := subtle.ConstantTimeCompare([]byte(password), []byte(account.Password)) == 1
	if !ok || !known || !same {
		p := s.pageOf(Unauthorized)
		return who, &p
	}
	who.state = account.State
	switch account.State {
	case AccountMFA:
		p := s.pageOf(MFA)
		return who, &p
	case AccountNotEnabled:
		p := s.pageOf(NotEnabled)
		return who, &p
	}
	return who, nil
}

// delegatedOrg reads DelegatedOrg= from a query. Clouds also separate by
// semicolons.
func delegatedOrg(u *url.URL) string {
	for part := range strings.FieldsFuncSeq(u.RawQuery, func(r rune) bool { return r == '&' || r == ';' }) {
		name, v, _ := strings.Cut(part, "=")
		if strings.EqualFold(name, "DelegatedOrg") {
			if text, err := url.QueryUnescape(v); err == nil {
				return strings.ToLower(text)
			}
			return strings.ToLower(v)
		}
	}
	return ""
}

var errEnded = errors.New("simulator: the shell has ended")
