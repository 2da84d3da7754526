package wsman_test

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"postroom/session/wsman"
	"postroom/test/fixture"
)

type exchange struct {
	Request   string `yaml:"request"`
	Response  string `yaml:"response"`
	Transport struct {
		Code int `yaml:"code"`
	} `yaml:"transport_error"`
	file  string
	index int
}

func (e exchange) status() int {
	if e.Transport.Code != 0 {
		return e.Transport.Code
	}
	return 200
}

// recorded reads all recordings of real Windows hosts.
func recorded(t testing.TB) []exchange {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(fixture.Path(t, "windows-wsman"), "*.yml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d recordings of Windows hosts: %v", len(files), err)
	}
	var all []exchange
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Messages []exchange `yaml:"messages"`
		}
		if err := yaml.Unmarshal(b, &doc); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, e := range doc.Messages {
			e.file, e.index = filepath.Base(name), i
			all = append(all, e)
		}
	}
	return all
}

// tree is an envelope by encoding/xml's own unmarshalling: the oracle.
type tree struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []tree     `xml:",any"`
}

func (t tree) find(path ...string) []tree {
	if len(path) == 0 {
		return []tree{t}
	}
	var out []tree
	for _, c := range t.Children {
		if c.XMLName.Local == path[0] {
			out = append(out, c.find(path[1:]...)...)
		}
	}
	return out
}

func (t tree) attr(name string) string {
	for _, a := range t.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func parse(t testing.TB, s string) tree {
	t.Helper()
	var x tree
	if err := xml.Unmarshal([]byte(s), &x); err != nil {
		t.Fatalf("oracle: %v", err)
	}
	return x
}

func TestRecordedResponses(t *testing.T) {
	client := mustClient(t, wsman.Config{URL: "http://h/wsman", Configuration: "Microsoft.PowerShell", Auth: wsman.NTLM})
	counts := map[string]int{}
	for _, e := range recorded(t) {
		if e.Response == "" {
			continue
		}
		x := parse(t, e.Response)
		switch {
		case len(x.find("Body", "Fault")) > 0:
			counts["fault"]++
			checkFault(t, e, x)
		case len(x.find("Body", "ReceiveResponse")) > 0:
			counts["receive"]++
			checkReceive(t, e, x)
		case len(x.find("Body", "ResourceCreated")) > 0:
			counts["create"]++
			seconds := x.find("Body", "Shell", "IdleTimeOut")[0].Text
			wantIdle, err := time.ParseDuration(strings.ToLower(strings.TrimPrefix(seconds, "PT")))
			if err != nil {
				t.Fatal(err)
			}
			id, idle, err := wsman.CreatedIn(client, []byte(e.Response))
			if err != nil {
				t.Errorf("%s %d: %v", e.file, e.index, err)
			}
			if want := x.find("Body", "ResourceCreated", "ReferenceParameters", "SelectorSet", "Selector")[0].Text; id != want || idle != wantIdle {
				t.Errorf("%s %d: shell %s, want %s; idle %v, want %v", e.file, e.index, id, want, idle, wantIdle)
			}
		default:
			counts["other"]++
			if f, err := wsman.ReadFault(200, []byte(e.Response)); f != nil || err != nil {
				t.Errorf("%s %d: %v, %v", e.file, e.index, f, err)
			}
		}
	}
	t.Log(counts)
	if counts["receive"] < 100 || counts["create"] < 40 || counts["fault"] < 9 {
		t.Errorf("less was read than is recorded: %v", counts)
	}
}

func checkReceive(t *testing.T, e exchange, x tree) {
	t.Helper()
	var out, stderr []byte
	for _, s := range x.find("Body", "ReceiveResponse", "Stream") {
		b, err := base64.StdEncoding.DecodeString(s.Text)
		if err != nil {
			t.Fatal(err)
		}
		if s.attr("Name") == "stderr" {
			stderr = append(stderr, b...)
		} else {
			out = append(out, b...)
		}
	}
	state := ""
	if s := x.find("Body", "ReceiveResponse", "CommandState"); len(s) > 0 {
		state = s[0].attr("State")[strings.LastIndexByte(s[0].attr("State"), '/')+1:]
	}
	for name, read := range map[string]func(int, []byte) (wsman.Received, error){"fast": wsman.Answered, "slow": wsman.AnsweredSlowly} {
		r, err := read(200, []byte(e.Response))
		if err != nil {
			t.Errorf("%s %d: %s: %v", e.file, e.index, name, err)
		}
		if !bytes.Equal(r.Data, out) || !bytes.Equal(r.Stderr, stderr) || r.State != state || r.Done != (state == "Done") {
			t.Errorf("%s %d: %s: %d bytes and state %q, want %d and %q", e.file, e.index, name, len(r.Data), r.State, len(out), state)
		}
		r.Release()
	}
	if _, fast, _ := wsman.ScanReceived([]byte(e.Response)); !fast && !strings.Contains(e.Response, `Name="stderr"`) {
		t.Errorf("%s %d: the fast reader leaves a plain answer to the slow one", e.file, e.index)
	}
}

func checkFault(t *testing.T, e exchange, x tree) {
	t.Helper()
	f, err := wsman.ReadFault(e.status(), []byte(e.Response))
	if err != nil || f == nil {
		t.Fatalf("%s %d: %v, %v", e.file, e.index, f, err)
	}
	var want struct {
		Code    uint32 `xml:"Body>Fault>Detail>WSManFault>Code"`
		Subcode string `xml:"Body>Fault>Code>Subcode>Value"`
	}
	if err := xml.Unmarshal([]byte(e.Response), &want); err != nil {
		t.Fatal(err)
	}
	w := x.find("Body", "Fault", "Detail", "WSManFault")[0]
	kinds := map[string]wsman.FaultKind{
		"2150858843": wsman.FaultShellGone, "2150858767": wsman.FaultOurs, "2150858793": wsman.FaultTimedOut,
		"87": wsman.FaultOther, "2147942402": wsman.FaultOther,
	}
	kind, ok := kinds[w.attr("Code")]
	if !ok {
		t.Fatalf("%s %d: code %s is not in the test's table", e.file, e.index, w.attr("Code"))
	}
	if !errors.Is(f, kind) || f.Machine != w.attr("Machine") || !strings.HasSuffix(want.Subcode, ":"+f.Subcode) || f.HTTP != e.status() {
		t.Errorf("%s %d: %+v", e.file, e.index, f)
	}
	if f.Text() == "" {
		t.Errorf("%s %d: no text", e.file, e.index)
	}
	if p := x.find("Body", "Fault", "Detail", "WSManFault", "Message", "ProviderFault"); len(p) > 0 {
		if f.Provider != p[0].attr("provider") || f.ProviderPath != p[0].attr("path") || f.ProviderText == "" {
			t.Errorf("%s %d: provider %+v", e.file, e.index, f)
		}
	}
	if f.TimedOut() {
		if r, err := wsman.Answered(500, []byte(e.Response)); err == nil {
			t.Errorf("timed out gave %+v", r)
		}
	}
}

// shape writes a tree so that two envelopes of the same meaning look the same:
// no order of headers and attributes, no declarations, no empty text.
func shape(x tree, depth int) string {
	var b strings.Builder
	b.WriteString("{" + x.XMLName.Space + "}" + x.XMLName.Local)
	var attrs []string
	for _, a := range x.Attrs {
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
			continue
		}
		attrs = append(attrs, a.Name.Space+":"+a.Name.Local+"="+a.Value)
	}
	sort.Strings(attrs)
	b.WriteString("[" + strings.Join(attrs, ",") + "]" + strings.TrimSpace(x.Text) + "(")
	var children []string
	for _, c := range x.Children {
		children = append(children, "\n"+strings.Repeat(" ", depth)+shape(c, depth+1))
	}
	if x.XMLName.Local == "Header" || x.XMLName.Local == "OptionSet" {
		sort.Strings(children)
	}
	b.WriteString(strings.Join(children, "") + ")")
	return b.String()
}

func TestRequestsLikeTheRecorded(t *testing.T) {
	counts := map[string]int{}
	for _, e := range recorded(t) {
		x := parse(t, e.Request)
		action := x.find("Header", "Action")
		resource := x.find("Header", "ResourceURI")
		if len(action) == 0 || len(resource) == 0 || !strings.HasPrefix(resource[0].Text, "http://schemas.microsoft.com/powershell/") &&
			!strings.HasSuffix(action[0].Text, "/Signal") {
			continue // the configuration of WinRM, and what cmd shells have of their own
		}
		q, err := wsman.ParseRequest([]byte(e.Request))
		if err != nil {
			t.Errorf("%s %d: %v", e.file, e.index, err)
			continue
		}
		if q.Op == "" { // Get and Enumerate
			continue
		}
		counts[q.Op]++
		if q.Op == "Disconnect" || q.Op == "Reconnect" || q.Op == "Connect" {
			continue // read for the replay of recordings; we send none
		}
		if q.Signal == "powershell/signal/ctrl_c" { // a known slip of that client
			q.Signal = wsman.SignalStop
			x = parse(t, strings.ReplaceAll(e.Request, "ctrl_c", "crtl_c"))
		}
		f := wsman.Frame{
			To: q.To, ResourceURI: q.ResourceURI, SessionID: q.SessionID, ShellID: q.ShellID,
			Timeout: q.OperationTimeout, MaxEnvelope: q.MaxEnvelope,
		}
		ours := shape(parse(t, string(f.Envelope(q))), 0)
		if theirs := shape(x, 0); ours != theirs {
			t.Errorf("%s %d: %s differs\nours:   %s\ntheirs: %s", e.file, e.index, q.Op, firstDifference(ours, theirs), firstDifference(theirs, ours))
		}
	}
	t.Log(counts)
	for _, op := range []string{"Create", "Command", "Send", "Receive", "Signal", "Delete", "Disconnect", "Reconnect", "Connect"} {
		if counts[op] == 0 {
			t.Errorf("no recorded %s was read", op)
		}
	}
}

func firstDifference(a, b string) string {
	lines := strings.Split(b, "\n")
	for _, line := range strings.Split(a, "\n") {
		if !slices.Contains(lines, line) {
			return line[:min(len(line), 300)]
		}
	}
	return "(nothing more)"
}
