package entra

import (
	"crypto/rand"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The pages that people see: a form to sign in, one for a device code, and what
// hands the code back to the program.
var pages = template.Must(template.New("sign-in").Parse(`<!doctype html><html><head><title>Sign in</title></head><body>
<h1>Sign in to the simulator</h1>{{if .Problem}}<p id="problem">{{.Problem}}</p>{{end}}
<form method="post" action="{{.Action}}">{{range $name, $value := .Hidden}}<input type="hidden" name="{{$name}}" value="{{$value}}">{{end}}
{{if .Device}}<label>Code <input name="user_code" value="{{.Code}}"></label>{{end}}
<label>Account <input name="login" value="{{.Login}}"></label>
<label>Password <input name="passwd" type="password"></label>
<button type="submit">Sign in</button></form></body></html>
{{define "form-post"}}<!doctype html><html><head><title>Working...</title></head><body onload="document.forms[0].submit()">
<form method="post" action="{{.Action}}">{{range $name, $value := .Hidden}}<input type="hidden" name="{{$name}}" value="{{$value}}">{{end}}
<noscript><button type="submit">Continue</button></noscript></form></body></html>{{end}}`))

type page struct {
	Action, Problem, Login, Code string
	Device                       bool
	Hidden                       map[string]string
}

// authorize serves the sign-in in a browser: a page first, then the way back
// with a code, or with the refusal.
func (a *Authority) authorize(w http.ResponseWriter, r *http.Request, name string) {
	q := r.Form
	redirect, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("client_id") != a.o.ClientID:
		refuse(w, 700016, "")
		return
	case err != nil || redirect.Hostname() != "localhost" && redirect.Hostname() != "127.0.0.1":
		refuse(w, 50011, "")
		return
	case q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "":
		refuse(w, 900144, "")
		return
	}
	p := page{Action: r.URL.Path, Login: q.Get("login_hint"), Hidden: map[string]string{}}
	for _, key := range []string{"client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "claims", "prompt"} {
		if q.Has(key) {
			p.Hidden[key] = q.Get(key)
		}
	}
	if r.Method != http.MethodPost {
		show(w, "sign-in", p)
		return
	}
	answer := url.Values{"state": {q.Get("state")}}
	number, ok := a.o.Check(q.Get("login"), q.Get("passwd"))
	switch {
	case !ok && number == 50126:
		p.Problem, p.Login = "Your account or password is incorrect.", q.Get("login")
		show(w, "sign-in", p)
		return
	case !ok && number != 50076: // a second factor is given in a browser
		answer.Set("error", refusals[number][0])
		answer.Set("error_description", "AADSTS"+strconv.Itoa(number)+": "+refusals[number][2])
	default:
		answer.Set("code", a.seal("code", grant{
			Account: strings.ToLower(q.Get("login")), Redirect: q.Get("redirect_uri"), Challenge: q.Get("code_challenge"), OpenID: q.Get("nonce"), Ends: a.o.Now().Add(10 * time.Minute).Unix(),
		}))
		answer.Set("session_state", name)
	}
	back(w, r, q.Get("response_mode"), redirect, answer)
}

// back sends the browser to the program.
func back(w http.ResponseWriter, r *http.Request, mode string, to *url.URL, answer url.Values) {
	if mode == "form_post" {
		p := page{Action: to.String(), Hidden: map[string]string{}}
		for key := range answer {
			p.Hidden[key] = answer.Get(key)
		}
		show(w, "form-post", p)
		return
	}
	if mode == "fragment" {
		to.Fragment = answer.Encode()
	} else {
		query := to.Query()
		for key := range answer {
			query.Set(key, answer.Get(key))
		}
		to.RawQuery = query.Encode()
	}
	//lint:ignore gosec the caller has checked that it is on loopback
	http.Redirect(w, r, to.String(), http.StatusFound)
}

func show(w http.ResponseWriter, name string, p page) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = pages.ExecuteTemplate(w, name, p) // the client is gone: nobody to tell
}

// deviceLife is how long a device code is good.
const deviceLife = 15 * time.Minute

// deviceCode begins a sign-in on another device.
func (a *Authority) deviceCode(w http.ResponseWriter, r *http.Request, name string) {
	if r.PostForm.Get("client_id") != a.o.ClientID {
		refuse(w, 700016, "")
		return
	}
	code, user := "dc."+rand.Text(), rand.Text()[:9]
	a.secretIs("device_code", code)
	a.mu.Lock()
	a.devices[code] = &device{user: user, tenant: name, expires: a.o.Now().Add(deviceLife)}
	a.mu.Unlock()
	at := a.o.Base + "/devicelogin"
	reply(w, 200, map[string]any{
		"user_code": user, "device_code": code, "verification_uri": at, "expires_in": int(deviceLife.Seconds()), "interval": 1,
		"message": "To sign in, use a web browser to open the page " + at + " and enter the code " + user + " to authenticate.",
	})
}

// deviceLogin is the page on the other device.
func (a *Authority) deviceLogin(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil {
		refuse(w, 900144, "")
		return
	}
	p := page{Action: "/devicelogin", Device: true, Code: r.Form.Get("user_code"), Login: r.Form.Get("login")}
	if r.Method != http.MethodPost {
		show(w, "sign-in", p)
		return
	}
	number, ok := a.o.Check(p.Login, r.PostForm.Get("passwd"))
	if !ok && number != 50076 {
		p.Problem = "Your account or password is incorrect."
		show(w, "sign-in", p)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, d := range a.devices {
		if strings.EqualFold(d.user, p.Code) {
			d.account = strings.ToLower(p.Login)
			p.Problem = "You have signed in. You may close this window."
		}
	}
	show(w, "sign-in", p)
}

// redeemDevice answers a program that waits for the sign-in on another device.
func (a *Authority) redeemDevice(w http.ResponseWriter, r *http.Request, tenant Tenant) {
	code := r.PostForm.Get("device_code")
	a.mu.Lock()
	d := a.devices[code]
	number, account := 0, ""
	switch {
	case d == nil:
		number = 70000
	case !a.o.Now().Before(d.expires):
		number = 70020
	case d.account == "":
		number = 70016
	default:
		account = d.account
		delete(a.devices, code)
	}
	a.mu.Unlock()
	if number != 0 {
		refuse(w, number, "")
		return
	}
	a.issue(w, account, tenant, r.PostForm.Get("scope"), "")
}
