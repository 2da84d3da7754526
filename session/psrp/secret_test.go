package psrp_test

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// secret is a cmdlet.Secret for tests.
type secret string

func (s secret) Reveal() string { return string(s) }

// TestRecordedSecureStrings decrypts all SecureStrings of the recordings, of
// both directions, after the recorded key exchange.
func TestRecordedSecureStrings(t *testing.T) {
	mark := regexp.MustCompile(`<SS(?: N="[^"]*")?>([^<]*)</SS>`)
	texts := map[string]int{}
	for _, c := range conversations(t) {
		if is24(c.name) {
			continue
		}
		raw := rawMessages(t, c.pieces)
		if c.client == nil {
			for _, m := range raw {
				if mark.Match(m.payload) {
					t.Fatalf("%s has a SecureString and no key", c.name)
				}
			}
			continue
		}
		r := newReplay(t, c, raw[0].pool)
		for _, p := range c.pieces {
			r.play(p, whole)
		}
		keyed := slices.ContainsFunc(r.events, func(e psrp.Event) bool { _, ok := e.(psrp.KeyReady); return ok })
		if !keyed {
			t.Fatalf("%s: no key", c.name)
		}
		for _, m := range raw {
			for _, found := range mark.FindAllSubmatch(m.payload, -1) {
				text, err := r.pool.Decrypt(clixml.SecureString(found[1]))
				if err != nil {
					t.Fatalf("%s, object %d: %v", c.name, m.object, err)
				}
				fromServer, err := r.server.Decrypt(clixml.SecureString(found[1]))
				if err != nil || fromServer != text {
					t.Fatalf("%s: the server half has %q, %v", c.name, fromServer, err)
				}
				texts[text]++
			}
		}
	}
	// The texts are those of the scripts in the .meta.json files.
	want := map[string]int{"": 1, "S3cret!p\u00e4ssword": 9, "cred-pass": 2, "p": 7, "prompt-secret": 4, "pw": 2, "sec": 7}
	if !reflect.DeepEqual(texts, want) {
		t.Errorf("secrets %v, should be %v", texts, want)
	}
}

func TestSecretArguments(t *testing.T) {
	for _, version := range []string{"2.0", "2.1", "2.2", "2.3"} {
		t.Run(version, func(t *testing.T) {
			p := newPair(t, psrp.PoolOptions{Version: version}, psrp.ServerOptions{})
			p.open()
			if got := p.pool.Version(); got != version {
				t.Fatalf("version %s", got)
			}
			r := p.start(
				psrp.PipelineOptions{Input: true},
				call("Set-Mailbox", cmdlet.Arg{Name: "Password", Value: secret("p\u00e4ss \U0001F600 \xed\xa0\x80")}, cmdlet.Arg{Name: "List", Value: []any{secret(""), "x"}}),
				call("Test-Cred", cmdlet.Arg{Value: cmdlet.PSCredential{User: `DOM\u`, Password: secret("two")}}),
			)
			got := r.Commands[0].Args[0].Value.(cmdlet.Secret).Reveal()
			if got != "p\u00e4ss \U0001F600 \xed\xa0\x80" {
				t.Errorf("secret %q", got)
			}
			list := r.Commands[0].Args[1].Value.([]any)
			if list[0].(cmdlet.Secret).Reveal() != "" || list[1] != "x" {
				t.Errorf("list %v", list)
			}
			c := r.Commands[1].Args[0].Value.(cmdlet.PSCredential)
			if c.User != `DOM\u` || c.Password.Reveal() != "two" {
				t.Errorf("credential %v", c)
			}
			// The key is there: no second exchange.
			if err := p.pool.Input(r.ID, &clixml.Object{Extended: []clixml.Property{{Name: "P", Value: secret("three")}}}); err != nil {
				t.Fatal(err)
			}
			in := one[psrp.PipelineInput](t, p.settle())
			v, _ := in.Value.(*clixml.Object).Get("P")
			if text, err := p.server.Decrypt(v.(clixml.SecureString)); text != "three" || err != nil {
				t.Errorf("input %q, %v", text, err)
			}
		})
	}
}

// TestOrderAcrossKeyExchange checks that what follows a secret on its pipeline
// waits with it, and what belongs to others does not.
func TestOrderAcrossKeyExchange(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	first, second := psrp.NewGUID(), psrp.NewGUID()
	for _, err := range []error{
		p.pool.Start(first, psrp.PipelineOptions{Input: true}, call("A", cmdlet.Arg{Name: "P", Value: secret("x")})),
		p.pool.Input(first, "in"),
		p.pool.EndInput(first),
		p.pool.Start(second, psrp.PipelineOptions{}, call("B")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var order []string
	for _, e := range p.settle() {
		order = append(order, reflect.TypeOf(e).Name())
	}
	if want := []string{"KeyReady", "CreatePipeline", "CreatePipeline", "PipelineInput", "EndOfInput"}; !reflect.DeepEqual(order, want) {
		t.Fatalf("order %v", order)
	}
}

// TestServerSendsSecretFirst has the server send a SecureString before any key:
// the client gets it, cannot read it yet, and can when KeyReady comes.
func TestServerSendsSecretFirst(t *testing.T) {
	for _, version := range []string{"2.1", "2.2", "2.3"} {
		t.Run(version, func(t *testing.T) {
			p := newPair(t, psrp.PoolOptions{Version: version}, psrp.ServerOptions{})
			p.open()
			r := p.start(psrp.PipelineOptions{}, call("Get-Secret"))
			for _, err := range []error{
				p.server.Output(r.ID, cmdlet.PSCredential{User: "u", Password: secret("hidden")}),
				p.server.OutputPayload(r.ID, nil),
				p.server.Finish(r.ID, psrp.PipelineCompleted, nil),
			} {
				if err != nil {
					t.Fatal(err)
				}
			}
			var events []psrp.Event
			for range 4 {
				events = append(events, p.toClient()...)
				for _, e := range each[psrp.Output](events)[:min(1, len(each[psrp.Output](events)))] {
					v, err := clixml.Decode(e.Payload)
					if err != nil {
						t.Fatal(err)
					}
					password, _ := v.(*clixml.Object).Get("Password")
					text, err := p.pool.Decrypt(password.(clixml.SecureString))
					if len(each[psrp.KeyReady](events)) == 0 {
						if !errors.Is(err, psrp.ErrNoKey) {
							t.Fatalf("before the key: %q, %v", text, err)
						}
					} else if text != "hidden" || err != nil {
						t.Fatalf("after the key: %q, %v", text, err)
					}
				}
				p.toServer()
			}
			one[psrp.KeyReady](t, events)
			out := each[psrp.Output](events)
			if len(out) != 2 || len(out[1].Payload) != 0 {
				t.Fatalf("output %v", out)
			}
			if asked := len(each[psrp.KeyRequested](events)); (asked == 1) != (version == "2.1") {
				t.Fatalf("the server asked %d times", asked)
			}
		})
	}
}

func TestBadSecureStrings(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	if _, err := p.pool.Decrypt("x"); !errors.Is(err, psrp.ErrNoKey) {
		t.Fatal(err)
	}
	if err := p.pool.RequestKey(); err != nil {
		t.Fatal(err)
	}
	p.settle()
	for _, s := range []clixml.SecureString{"", "!", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="} {
		if text, err := p.pool.Decrypt(s); !errors.Is(err, psrp.ErrBadSecureString) {
			t.Errorf("%q gives %q, %v", s, text, err)
		}
	}
}
