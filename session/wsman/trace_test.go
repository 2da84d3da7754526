package wsman_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"postroom/session/credential"
	"postroom/session/wsman"
)

type traced struct {
	mu     sync.Mutex
	events []wsman.Event
}

func (tr *traced) Trace(e wsman.Event) {
	tr.mu.Lock()
	tr.events = append(tr.events, e)
	tr.mu.Unlock()
}

func (tr *traced) String() string {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	var b strings.Builder
	for _, e := range tr.events {
		fmt.Fprintf(&b, "%+v\n", e)
	}
	return b.String()
}

// secretive sends back all that it should not, and cookies.
func secretive(w http.ResponseWriter, r *http.Request, q *wsman.Request) bool {
	http.SetCookie(w, &http.Cookie{Name: "MS-WSMAN", Value: "affinity-value", Path: "/"})
	w.Header().Set("WWW-Authenticate", "Negotiate c2VydmVyLXRva2Vu")
	w.Header().Add("WWW-Authenticate", `Negotiate TlRMTVNTUAACAAAAbGVhaw==, Basic realm="mail.example"`)
	w.Header().Set("X-Echo", r.Header.Get("Authorization"))
	w.Header().Set("X-Auth-Token", "token-of-the-front-end")
	w.Header().Set("Location", "https://sts.example/adfs/ls?client=1&SAMLRequest=saml-request-value&code=code-value")
	if q.Op == "Signal" {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = fmt.Fprintf(w, "<html><input type='hidden' name='x' value='form-value'><a href='/?access_token=link-value'>%s or %s", testPassword, "p&amp;ss&lt;W&quot;rd&gt;&#39;ü")
		return true
	}
	if q.Op != "Receive" {
		return false
	}
	w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
	_, _ = w.Write(wsman.AppendReceive(nil, q, wsman.ReceiveAnswer{Data: [][]byte{fragment("secure-string-of-the-server")}}))
	return true
}

// fragment is a message of MS-PSRP with content.
func fragment(content string) []byte {
	b := []byte{0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, byte(40 + len(content))}
	b = append(b, 1, 0, 0, 0, 4, 0x10, 4, 0)
	b = append(b, make([]byte, 32)...)
	return append(b, content...)
}

// Neither password nor Authorization nor cookie values nor what the protocol
// carries is in a trace; what helps is.
func TestTraceHasNoSecrets(t *testing.T) {
	f := newFake(t, secretive)
	tr := &traced{}
	c := f.config("/p?DelegatedOrg=contoso.example")
	c.Trace = tr
	cl := mustClient(t, c)
	s := mustCreate(t, cl)
	ctx := t.Context()
	if err := s.Command(ctx, commandID, fragment("secure-string-of-the-user")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Receive(ctx, commandID); err != nil {
		t.Fatal(err)
	}
	if err := s.Signal(ctx, commandID, wsman.SignalStop); err == nil {
		t.Error("the page is no answer")
	}
	text := tr.String()
	for name, secret := range map[string]string{
		"password": testPassword, "escaped password": "p&amp;ss", "Authorization": base64.StdEncoding.EncodeToString([]byte(testUser + ":" + testPassword)),
		"NTLM challenge": "TlRMTVNT", "front end's token": "token-of-the-front-end", "SAML request": "saml-request-value",
		"code in a URL": "code-value", "field of a page": "form-value", "link of a page": "link-value",
		"cookie": "affinity-value", "server's token": "c2VydmVyLXRva2Vu", "what came": "secure-string-of-the-server", "what went": "secure-string-of-the-user",
		"what went, encoded": base64.StdEncoding.EncodeToString(fragment("secure-string-of-the-user"))[90:], "pool's opening": base64.StdEncoding.EncodeToString([]byte("open")),
	} {
		if strings.Contains(text, secret) {
			t.Errorf("the trace has the %s:\n%s", name, text)
		}
	}
	for _, want := range []string{
		"Create", "Command", "Receive", "Signal", shellID, commandID, "DelegatedOrg=contoso.example", "MS-WSMAN=[hidden]", "> Authorization: Basic [",
		`Basic realm="mail.example"`, "https://sts.example/adfs/ls?client=1&SAMLRequest=[hidden]",
		"object 7 fragment 0 flags 3", "message 00041004", "HTTP 503", "powershell/signal/crtl_c",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the trace does not have %q", want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// Whatever the form of the envelope, a payload is not written as it is.
func TestRedactBody(t *testing.T) {
	const secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQ="
	for _, body := range []string{
		"<rsp:Stream Name=\"stdout\">" + secret + "</rsp:Stream>",
		"<Stream>" + secret, // cut short
		"<x:Arguments\n a='>'>" + secret + "</x:Arguments>",
		"<creationXml xmlns='y'>" + secret + "<!-- -->",
		"<a/><rsp:Stream/><rsp:Stream>" + secret + "</rsp:Stream><rsp:Stream>" + secret + "</rsp:Stream>",
		"<connectResponseXml>\n " + secret + "\n</connectResponseXml>",
		"<connectXml>not base64 " + secret + "</connectXml>",
	} {
		if got := wsman.RedactBody(body); strings.Contains(got, secret) {
			t.Errorf("%q became %q", body, got)
		}
	}
	if got := wsman.RedactBody("<a>text</a> < "); got != "<a>text</a> < " {
		t.Errorf("%q", got)
	}
}

// The error texts of all kinds have no password either.
func TestErrorsHaveNoSecrets(t *testing.T) {
	c := newFake(t, nil).config("/p")
	c.Credential = credential.Credential{User: testUser, Secret: credential.NewSecret("hunter2-hunter2")}
	if s := fmt.Sprintf("%+v %#v %v", c, c, c); strings.Contains(s, "hunter2") {
		t.Errorf("a printed configuration tells the password: %s", s)
	}
}
