package wsman_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"postroom/session/wsman"
)

const shellNS = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"

// oracle reads a ReceiveResponse by encoding/xml's unmarshalling, slowly and
// plainly.
func oracle(b []byte) (out, stderr []byte, state, exit string, err error) {
	var x tree
	if err := xml.Unmarshal(b, &x); err != nil {
		return nil, nil, "", "", err
	}
	const soapNS = "http://www.w3.org/2003/05/soap-envelope"
	one := func(t tree, space, local string) (tree, bool) {
		for _, c := range t.Children {
			if c.XMLName.Space == space && c.XMLName.Local == local {
				return c, true
			}
		}
		return tree{}, false
	}
	if x.XMLName.Space != soapNS || x.XMLName.Local != "Envelope" {
		return nil, nil, "", "", errors.New("root")
	}
	body, ok := one(x, soapNS, "Body")
	if !ok {
		return nil, nil, "", "", errors.New("body")
	}
	resp, ok := one(body, shellNS, "ReceiveResponse")
	if _, fault := one(body, soapNS, "Fault"); !ok || fault {
		return nil, nil, "", "", errors.New("response")
	}
	for _, c := range resp.Children {
		if c.XMLName.Space != shellNS {
			continue
		}
		switch c.XMLName.Local {
		case "Stream":
			text := strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "").Replace(c.Text)
			data, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return nil, nil, "", "", err
			}
			if plainAttr(c, "Name") == "stdout" {
				out = append(out, data...)
			} else {
				stderr = append(stderr, data...)
			}
		case "CommandState":
			uri := plainAttr(c, "State")
			state = uri[strings.LastIndexByte(uri, '/')+1:]
			e, _ := one(c, shellNS, "ExitCode")
			exit = strings.TrimSpace(e.Text)
		}
	}
	return out, stderr, state, exit, nil
}

func plainAttr(t tree, name string) string {
	for _, a := range t.Attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// FuzzReceive: what is taken for an answer means what encoding/xml says that it
// means, by the fast way as by the slow one.
func FuzzReceive(f *testing.F) {
	q := &wsman.Request{MessageID: "uuid:1"}
	good := wsman.AppendReceive(nil, q, wsman.ReceiveAnswer{
		CommandID: commandID, Data: [][]byte{[]byte("first"), {}, []byte("second, longer than the first")}, State: "Done", ExitCode: -7,
	})
	f.Add(good)
	f.Add(wsman.AppendReceive(nil, q, wsman.ReceiveAnswer{}))
	f.Add(wsman.AppendFault(nil, q, wsman.TimedOutFault("EX1")))
	for _, change := range [][2]string{
		{"rsp:", "x:"},
		{"<rsp:Stream", "<!-- c --><rsp:Stream"},
		{"stdout", "stderr"},
		{"stdout", "st&#100;out"},
		{">Zmly", ">\n Zm\tly"},
		{"</rsp:Stream>", "<![CDATA[QUJD]]></rsp:Stream>"},
		{"<s:Body>", "<s:Body xmlns:rsp='other'>"},
		{`xml:lang="en-US"`, "xml:lang='\u00e4'"},
		{"<s:Envelope", `<?xml version="1.0" encoding="utf-8"?>` + "\r\n<s:Envelope"},
		{"<s:Header>", "<s:Header><s:Body></s:Body>"},
		{"</s:Envelope>", "</s:Envelope>\n"},
		{"</s:Envelope>", "</s:Envelope><x/>"},
		{"-7", " -7\n"},
		{"<rsp:ExitCode>", "<rsp:Other/><rsp:ExitCode>"},
		{"<s:Envelope ", `<s:Envelope xmlns:rsp="again" `},
		{"Name=", "Name='stdout' Name="},
		{"<rsp:ReceiveResponse>", "<rsp:ReceiveResponse/>"},
	} {
		f.Add(bytes.Replace(good, []byte(change[0]), []byte(change[1]), -1))
	}
	f.Fuzz(agree)
}

// agree holds both ways of reading to the oracle.
func agree(t *testing.T, b []byte) {
	fast, taken, fastErr := wsman.ScanReceived(b)
	slow, slowErr := wsman.AnsweredSlowly(200, b)
	out, stderr, state, exit, err := oracle(b)
	check := func(name string, r wsman.Received, rErr error) {
		if rErr != nil {
			return
		}
		n, _ := strconv.ParseInt(exit, 10, 64)
		if err != nil || !bytes.Equal(r.Data, out) || !bytes.Equal(r.Stderr, stderr) || r.State != state || int64(r.ExitCode) != n {
			t.Errorf("%s: %q %q %q %d\noracle: %q %q %q %s %v", name, r.Data, r.Stderr, r.State, r.ExitCode, out, stderr, state, exit, err)
		}
	}
	check("slow", slow, slowErr)
	if taken {
		check("fast", fast, fastErr)
		if (fastErr == nil) != (slowErr == nil) {
			t.Errorf("fast says %v, slow says %v", fastErr, slowErr)
		}
	}
	slow.Release()
	fast.Release()
}

// FuzzReceiveEdits edits a good answer piece by piece: each three bytes say
// where, how much of it goes, and what comes instead. It gets deeper into the
// form of an envelope than random bytes do.
func FuzzReceiveEdits(f *testing.F) {
	pieces := []string{
		"", " ", "\n", "<", ">", "/>", "</", "=", "\"", "'", ":", "&amp;", "&#65;", "&", "]]>", "<!-- x -->", "<![CDATA[QQ==]]>", "<?p?>", "QUJD", "QQ==", "=QQ=",
		"xmlns", " xmlns:rsp='x'", " xmlns:rsp=\"" + shellNS + "\"", "<rsp:Stream Name=\"stdout\">", "</rsp:Stream>", "<rsp:Stream Name=\"stdout\"/>", "rsp:", "s:",
		"<s:Body>", "</s:Body>", "<rsp:CommandState State='a/Running'/>", "<rsp:ExitCode>12</rsp:ExitCode>", "\u00e9", "\x00", "\x80", " Name=\"stderr\"",
		" State=\"x/Done\"", "<x>", "</x>", "<s:Fault>", "</s:Envelope>", "\ufeff", "\t", "-",
	}
	good := wsman.AppendReceive(nil, &wsman.Request{MessageID: "uuid:1"}, wsman.ReceiveAnswer{
		CommandID: "C", Data: [][]byte{[]byte("first"), []byte("second")}, State: "Done", ExitCode: 1,
	})
	// Tokens of the good answer, so that an edit falls on the edge of one.
	var edges []int
	for i, c := range good {
		if strings.IndexByte("<>/=\": ", c) >= 0 {
			edges = append(edges, i, i+1)
		}
	}
	f.Add([]byte{200, 0, 3})
	f.Add([]byte{150, 1, 15, 180, 2, 20})
	f.Fuzz(func(t *testing.T, edits []byte) {
		b := bytes.Clone(good)
		for ; len(edits) >= 3; edits = edits[3:] {
			at := min(edges[int(edits[0])*len(edges)/256], len(b))
			end := min(at+int(edits[1])%24, len(b))
			b = append(append(append([]byte(nil), b[:at]...), pieces[int(edits[2])%len(pieces)]...), b[end:]...)
		}
		agree(t, b)
	})
}

// FuzzEnvelope: nothing that a server sends breaks the reading of faults, and a
// fault never comes out empty-handed.
func FuzzEnvelope(f *testing.F) {
	f.Add(wsman.AppendFault(nil, nil, wsman.ShellGoneFault("EX1", shellID)))
	f.Add(wsman.AppendFault(nil, nil, wsman.Fault{
		Code: 5, Subcode: "AccessDenied", Message: "m", Provider: "p", ProviderPath: "q", ServerProtocolVersion: "2.2",
		ProviderText: exchangePrefix + "[FailureCategory=AuthZ-X] 1234ABCD,Class text",
	}))
	f.Add([]byte("<html>no"))
	f.Fuzz(func(t *testing.T, b []byte) {
		fault, err := wsman.ReadFault(500, b)
		if fault == nil {
			return
		}
		if err != nil || fault.Error() == "" || fault.Kind() == "" || fault.Wait() < 0 {
			t.Errorf("%+v, %v", fault, err)
		}
		if strings.Contains(wsman.RedactBody(string(b)), "<rsp:Stream>QUJD") {
			t.Error("not redacted")
		}
	})
}

// FuzzRedirect: what is followed is https, names no user, and stays with the
// customer.
func FuzzRedirect(f *testing.F) {
	for _, s := range []string{
		"https://pod.example/PowerShell-LiveID?DelegatedOrg=contoso.example;PSVersion=5.1", "//other.example/x?DelegatedOrg=contoso.example",
		"?DelegatedOrg=contoso.example&x", "http://h/", "https://u:p@h/?DelegatedOrg=contoso.example", "https://h:443/?delegatedORG=CONTOSO.example",
		"javascript:alert(1)", "https://[::1]:44/?DelegatedOrg=contoso.example", "https:///x", "\\\\host\\x", "https://h\r\nX: y/", "%zz", "/a/../../b", "",
	} {
		f.Add(s)
	}
	c, err := wsman.New(wsman.Config{
		URL: "https://ps.example/powershell-liveid/?DelegatedOrg=contoso.example", Configuration: "Microsoft.Exchange", Auth: wsman.Basic,
		AllowRedirect: func(context.Context, *url.URL, *url.URL) error { return nil },
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, location string) {
		to, err := wsman.Follow(c, location)
		if err != nil {
			var e *wsman.RedirectError
			if !errors.As(err, &e) || e.Reason == "" {
				t.Errorf("%q: %v", location, err)
			}
			return
		}
		again, err := url.Parse(to.String())
		if err != nil || again.Scheme != "https" || again.User != nil || again.Hostname() == "" || again.Host != to.Host {
			t.Errorf("%q is followed to %q: %v", location, to, err)
		}
		if !strings.Contains(strings.ToLower(strings.ReplaceAll(to.RawQuery, "%", "")), "delegatedorg=") {
			t.Errorf("%q loses the customer: %q", location, to)
		}
		if strings.ContainsAny(to.RequestURI()+to.Host, " \r\n\t") {
			t.Errorf("%q breaks the request line", location)
		}
	})
}

// FuzzSealed: nothing that a server sends breaks the reading of sealed bodies,
// and what is sealed comes back.
func FuzzSealed(f *testing.F) {
	f.Add([]byte("plain text"))
	f.Add([]byte(sealBy("plain text")))
	f.Add(bytes.ReplaceAll(sealBy("x"), []byte("--E"), []byte("-- E")))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _, _ = wsman.OpenSealed(b, "Encrypted Boundary", wsman.XOR())
		if got, _, err := wsman.OpenSealed(sealBy(string(b)), "Encrypted Boundary", wsman.XOR()); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%q came back as %q, %v", b, got, err)
		}
	})
}

// FuzzRequest: nothing that a client sends breaks the server's half, and what
// it reads can be written again with the same meaning.
func FuzzRequest(f *testing.F) {
	frame := wsman.Frame{To: "https://h/p?a=1&b=<2>", ResourceURI: "r", SessionID: "s", ShellID: shellID, Timeout: 60e9, MaxEnvelope: wsman.MinEnvelope}
	for _, op := range []string{"Create", "Command", "Send", "Receive", "Signal", "Delete"} {
		for _, id := range []string{"", commandID} {
			f.Add(frame.Envelope(&wsman.Request{Op: op, ShellID: shellID, CommandID: id, MessageID: "uuid:1", Stream: "stdin", Signal: wsman.SignalStop, Data: []byte("data")}))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		q, err := wsman.ParseRequest(b)
		if err != nil || q.Op == "" || q.ShellID == "" || q.OperationTimeout <= 0 || strings.HasSuffix(strings.ToLower(q.Op), "connect") {
			return
		}
		again, err := wsman.ParseRequest(wsman.Frame{
			To: q.To, ResourceURI: q.ResourceURI, SessionID: q.SessionID, ShellID: q.ShellID, Timeout: q.OperationTimeout, MaxEnvelope: q.MaxEnvelope,
		}.Envelope(q))
		if err != nil {
			t.Fatalf("%v", err)
		}
		if again.Op != q.Op || again.To != q.To || again.ShellID != q.ShellID || again.CommandID != q.CommandID && q.Op != "Delete" {
			t.Errorf("%+v became %+v", q, again)
		}
		if (q.Op == "Command" || q.Op == "Send" || q.Op == "Create") && !bytes.Equal(again.Data, q.Data) {
			t.Errorf("%q became %q", q.Data, again.Data)
		}
	})
}
