package interop

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/masterzen/winrm"
	"gopkg.in/yaml.v3"

	"postroom/session/credential"
	"postroom/session/wsman"
	"postroom/test/fixture"
)

// recording is what a real Windows host answered, by action, in its order.
type recording struct {
	mu      sync.Mutex
	answers map[string][]string
	asked   []string
	paths   []string
}

// replay loads a conversation of the recorded traffic of Windows hosts.
func replay(t *testing.T, name string) *recording {
	t.Helper()
	text := fixture.Read(t, "windows-wsman", name)
	var conversation struct {
		Messages []struct{ Request, Response string }
	}
	if err := yaml.Unmarshal(text, &conversation); err != nil {
		t.Fatal(err)
	}
	r := &recording{answers: map[string][]string{}}
	for _, m := range conversation.Messages {
		action := actionOf(t, []byte(m.Request))
		r.answers[action] = append(r.answers[action], m.Response)
	}
	return r
}

func actionOf(t *testing.T, envelope []byte) string {
	t.Helper()
	var e struct {
		Header struct{ Action string }
	}
	if err := xml.Unmarshal(envelope, &e); err != nil {
		t.Errorf("a request that is no XML: %v\n%s", err, envelope)
	}
	return e.Header.Action[strings.LastIndex(e.Header.Action, "/")+1:]
}

// serve answers each request with the next recorded answer to its action.
func (r *recording) serve(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Errorf("read: %v", err)
			return
		}
		if user, secret, ok := req.BasicAuth(); !ok || user != account || secret != password {
			w.Header().Set("WWW-Authenticate", "Basic")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		action := actionOf(t, body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.asked = append(r.asked, action)
		r.paths = append(r.paths, req.RequestURI)
		w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
		if len(r.answers[action]) == 0 {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, invalidSelectors)
			return
		}
		answer := r.answers[action][0]
		r.answers[action] = r.answers[action][1:]
		_, _ = io.WriteString(w, answer)
	}))
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// ride makes masterzen's own client with our transport under it.
func ride(t *testing.T, server *httptest.Server) *winrm.Client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	ours, err := wsman.New(wsman.Config{
		URL: server.URL + "/powershell-liveid/?DelegatedOrg=contoso.example&x=1", Configuration: "Microsoft.Exchange", Auth: wsman.Basic,
		Credential: credential.Credential{User: account, Secret: credential.NewSecret(password)}, RootCAs: roots,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ours.Close)
	transport, err := ours.NewTransport(patient(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(transport.Close)
	client, err := winrm.NewClientWithParameters(ours.Endpoint(), "unused", "unused", ours.Parameters(transport))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestMasterzensClientRidesOurTransport(t *testing.T) {
	r := replay(t, "client_execute_cmd.yml")
	client := ride(t, r.serve(t))
	var out, errOut bytes.Buffer
	code, err := client.RunWithContext(patient(t), "dir", &out, &errOut)
	if err != nil || code != 0 {
		t.Fatalf("exit code %d, %v", code, err)
	}
	if !strings.Contains(out.String(), "Volume in drive C is Windows 2016") || errOut.Len() != 0 {
		t.Errorf("output %q, errors %q", out.String(), errOut.String())
	}
	want := []string{"Create", "Command", "Receive", "Signal", "Delete"}
	if !slices.Equal(r.asked, want) {
		t.Errorf("asked for %v, want %v", r.asked, want)
	}
	for _, p := range r.paths {
		if p != "/powershell-liveid/?DelegatedOrg=contoso.example&x=1" {
			t.Errorf("a request went to %s", p)
		}
	}
}

// TestMasterzensClientHearsOfFaults: with winrm's own transport a fault that
// comes with HTTP 500 is no error, and CreateShell gives a shell without an id.
func TestMasterzensClientHearsOfFaults(t *testing.T) {
	r := &recording{answers: map[string][]string{}}
	client := ride(t, r.serve(t))
	_, err := client.CreateShell()
	var fault *wsman.Fault
	if !errors.As(err, &fault) || fault.Code != 2150858843 {
		t.Fatalf("got %v, want the server's fault", err)
	}
}

const invalidSelectors = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>w:InvalidSelectors</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">gone</s:Text></s:Reason><s:Detail><f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="2150858843" Machine="interop"><f:Message>The shell was not found on the server.</f:Message></f:WSManFault></s:Detail></s:Fault></s:Body></s:Envelope>`
