package credential_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"log"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"text/template"

	"gopkg.in/yaml.v3"

	"postroom/session/credential"
)

const password = "hunter2-Gr\u00fc\u00dfe-42"

// holders are the ways in which a secret lies in other values, exported and
// not: fmt cannot call methods on what it cannot export.
type bearer struct {
	Public  credential.Secret
	private credential.Secret
	Pointer *credential.Secret
	nested  struct{ deep credential.Credential }
	list    []credential.Secret
	table   map[string]credential.Credential
	any     any
}

func holders() []any {
	s := credential.NewSecret(password)
	h := bearer{Public: s, private: s, Pointer: &s, list: []credential.Secret{s}, any: s}
	h.nested.deep = credential.Credential{User: "u", Secret: s}
	h.table = map[string]credential.Credential{"k": h.nested.deep}
	return []any{s, &s, h, &h, []any{s, &h}, map[string]any{"s": s, "h": h}, credential.Credential{User: "u", Secret: s}, [1]credential.Secret{s}}
}

// leaks reports whether out has the password, whole, quoted, escaped or in hex.
func leaks(out string) bool {
	hex := fmt.Sprintf("%x", password)
	return strings.Contains(out, "hunter2") || strings.Contains(strings.ToLower(out), hex[:14]) ||
		strings.Contains(out, fmt.Sprint([]byte("hunter2"))[1:20])
}

func TestNoFormatterPrintsIt(t *testing.T) {
	if !leaks(fmt.Sprintf("%x", password)) || !leaks(fmt.Sprintf("%v", []byte(password))) || !leaks(fmt.Sprintf("%q", password)) {
		t.Fatal("the test would not see a leak")
	}
	for i, v := range holders() {
		for verb := rune('!'); verb <= '~'; verb++ {
			for _, flags := range []string{"", "+", "#", "-", " ", "0", "+#", "#+ 0", "10.3", "[1]", "# "} {
				if out := fmt.Sprintf("%"+flags+string(verb), v); leaks(out) {
					t.Errorf("bearer %d: %%%s%c prints it: %s", i, flags, verb, out)
				}
			}
		}
		for _, out := range []string{fmt.Sprint(v), fmt.Sprintln(v), fmt.Errorf("e: %v", v).Error(), fmt.Sprint(reflect.ValueOf(v))} {
			if leaks(out) {
				t.Errorf("bearer %d is printed: %s", i, out)
			}
		}
	}
}

func TestNoLoggerPrintsIt(t *testing.T) {
	var b bytes.Buffer
	text := slog.New(slog.NewTextHandler(&b, nil))
	js := slog.New(slog.NewJSONHandler(&b, nil))
	old := log.New(&b, "", log.Lshortfile)
	for _, v := range holders() {
		text.Info("m", "v", v, slog.Any("w", v), slog.Group("g", "x", v))
		js.Info("m", "v", v, slog.Any("w", v), slog.Group("g", "x", v))
		text.With("v", v).Info("m")
		old.Print(v)
		old.Printf("%#v %+v", v, v)
	}
	if b.Len() == 0 || leaks(b.String()) {
		t.Errorf("a logger prints it: %s", b.String())
	}
}

func TestNoEncoderWritesIt(t *testing.T) {
	for i, v := range holders() {
		out := map[string]string{}
		for name, encode := range map[string]func() ([]byte, error){
			"json": func() ([]byte, error) { return json.Marshal(v) },
			"xml":  func() ([]byte, error) { return xml.Marshal(v) },
			"yaml": func() ([]byte, error) { return yaml.Marshal(v) },
			"gob": func() ([]byte, error) {
				var b bytes.Buffer
				err := gob.NewEncoder(&b).Encode(v)
				return b.Bytes(), err
			},
		} {
			b, err := encode()
			out[name] = string(b)
			if err != nil {
				out[name] += err.Error()
			}
		}
		for name, text := range out {
			if leaks(text) {
				t.Errorf("bearer %d: %s writes it: %s", i, name, text)
			}
		}
	}
	s := credential.NewSecret(password)
	if b, err := xml.Marshal(struct {
		XMLName xml.Name          `xml:"x"`
		A       credential.Secret `xml:"a,attr"`
		B       credential.Secret `xml:"b"`
	}{A: s, B: s}); err != nil || string(b) != `<x a="[secret]"><b>[secret]</b></x>` {
		t.Errorf("xml: %s, %v", b, err)
	}
	if b, err := json.Marshal(credential.Credential{User: "u", Secret: s}); err != nil || string(b) != `{"User":"u","Secret":"[secret]"}` {
		t.Errorf("json: %s, %v", b, err)
	}
	for name, err := range map[string]error{
		"gob":    gob.NewEncoder(&bytes.Buffer{}).Encode(s),
		"binary": func() error { _, err := s.MarshalBinary(); return err }(),
	} {
		if !errors.Is(err, credential.ErrSecretEncoding) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoTemplatePrintsIt(t *testing.T) {
	const text = `{{.}} {{printf "%s %v %q %#v" . . . .}} {{print .}} {{println .}}`
	plain := template.Must(template.New("").Parse(text))
	web := htmltemplate.Must(htmltemplate.New("").Parse(text + `<script>x = {{.}}</script><a href="{{.}}" title="{{.}}">`))
	for i, v := range holders() {
		var b bytes.Buffer
		if err := errors.Join(plain.Execute(&b, v), web.Execute(&b, v)); err != nil {
			t.Logf("bearer %d: %v", i, err) // some values are no data for a script
		}
		if leaks(b.String()) {
			t.Errorf("bearer %d: a template prints it: %s", i, b.String())
		}
	}
}

// TestReflectionDoesNotReachIt walks as printers do that follow pointers into
// unexported fields.
func TestReflectionDoesNotReachIt(t *testing.T) {
	for i, v := range holders() {
		var b strings.Builder
		walk(&b, reflect.ValueOf(v), map[uintptr]bool{})
		if leaks(b.String()) {
			t.Errorf("bearer %d: reflection finds it", i)
		}
	}
	var b strings.Builder
	walk(&b, reflect.ValueOf(struct{ s *string }{new(password)}), map[uintptr]bool{})
	if !leaks(b.String()) {
		t.Error("the walk would not see a leak")
	}
}

func walk(b *strings.Builder, v reflect.Value, seen map[uintptr]bool) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.Kind() == reflect.Pointer {
			if seen[v.Pointer()] {
				return
			}
			seen[v.Pointer()] = true
		}
		walk(b, v.Elem(), seen)
	case reflect.Struct:
		for i := range v.NumField() {
			walk(b, v.Field(i), seen)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			walk(b, v.Index(i), seen)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			walk(b, k, seen)
			walk(b, v.MapIndex(k), seen)
		}
	case reflect.String:
		b.WriteString(v.String())
	default:
	}
}

func TestNothingIsReadBackAsAPassword(t *testing.T) {
	var c credential.Credential
	for name, err := range map[string]error{
		"json": json.Unmarshal([]byte(`{"Secret":"[secret]"}`), &c),
		"xml":  xml.Unmarshal([]byte(`<Credential><Secret>[secret]</Secret></Credential>`), &c),
		"text": c.Secret.UnmarshalText([]byte("x")),
		"gob":  c.Secret.GobDecode([]byte("x")),
		"bin":  c.Secret.UnmarshalBinary([]byte("x")),
	} {
		if !errors.Is(err, credential.ErrSecretEncoding) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !c.Secret.IsZero() {
		t.Error("a mask became a password")
	}
}

func TestReveal(t *testing.T) {
	s := credential.NewSecret(password)
	same := s
	if s.Reveal() != password || same.Reveal() != password || s.IsZero() || !s.Equal(same) {
		t.Error("the secret is not what was put in")
	}
	var zero credential.Secret
	if zero.Reveal() != "" || !zero.IsZero() || zero.Equal(s) || !zero.Equal(credential.NewSecret("")) || !credential.NewSecret("").IsZero() {
		t.Error("the zero secret is not empty")
	}
	if fmt.Sprint(zero) != fmt.Sprint(s) {
		t.Error("the output tells whether there is a password")
	}
}
