package exorest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"postroom/session"
	"postroom/session/exorest"
)

// A link to the next page is followed within the service and the tenant, and nowhere else:
// the token goes with it.
func TestLinksLeadToTheSameTenantOfTheService(t *testing.T) {
	const path = "/adminapi/beta/" + tenant + "/InvokeCommand?%24skiptoken=x"
	const compliance, gov = "https://ps.compliance.protection.outlook.com", "https://l5.ps.compliance.protection.office365.us"
	for _, c := range []struct {
		base, link string
		to         string // the host that is asked; "" for none
	}{
		{front, front + path, "outlook.office365.com"},
		{front, "https://eur02b.outlook.office365.com" + path, "eur02b.outlook.office365.com"},
		{front, front + "/AdminApi/v1.0/" + strings.ToUpper(tenant) + "/InvokeCommand?x=1", "outlook.office365.com"},
		{compliance, "https://eur02b.ps.compliance.protection.outlook.com" + path, "eur02b.ps.compliance.protection.outlook.com"},
		{gov, "https://l5b.ps.compliance.protection.office365.us" + path, "l5b.ps.compliance.protection.office365.us"},
		{front, "https://evil.example" + path, ""},
		{front, "https://outlook.office365.com.evil.example" + path, ""},
		{front, "https://outlook.office365.com@evil.example" + path, ""},
		{front, "http://outlook.office365.com" + path, ""},
		{front, front + "/elsewhere/" + tenant + "/InvokeCommand", ""},
		{front, front + "/adminapi/beta/00000000-1111-2222-3333-444444444444/InvokeCommand?x=1", ""},
		{front, "no link", ""},
	} {
		link, _ := json.Marshal(c.link)
		pages := []sampleResponse{
			{Status: 200, Body: json.RawMessage(`{"@odata.nextLink":` + string(link) + `,"value":[{"Name":"a"}]}`)}, {Status: 200, Body: json.RawMessage(`{"value":[{"Name":"b"}]}`)},
		}
		w := newWorld(t, playing(pages...))
		h := newHeard()
		err := w.dial(&tokens{tenant: tenant}, func(t *session.Target) { t.Endpoint.URL = c.base }).Run(t.Context(), call("Get-Recipient", "ResultSize", "Unlimited"), h)
		all := w.requests()
		if c.to != "" {
			if err != nil || h.rows() != 2 || len(all) != 2 || all[1].host != c.to {
				t.Errorf("%s: %d rows by %d requests, %v", c.link, h.rows(), len(all), err)
			}
			continue
		}
		partial, ok := errors.AsType[*session.PartialError](err)
		if !ok || partial.Rows != 1 || len(all) != 1 {
			t.Errorf("%s: %d rows by %d requests, %v", c.link, h.rows(), len(all), err)
		}
		for _, host := range w.hosts() {
			if strings.Contains(host, "evil") {
				t.Errorf("%s was called", host)
			}
		}
	}
}

// Regions are called by the first label of where a redirect leads, put before the service's
// name; DoD's front door has one already. A redirect nowhere, without encryption, or round
// and round, ends in an error, and a change is not sent a second time at the same place.
func TestRegionsOfARedirect(t *testing.T) {
	const gov = "https://l5.ps.compliance.protection.office365.us"
	for _, c := range []struct{ base, location, region string }{
		{gov, "https://gcc02b.admin.protection.office365.us:446/x", "gcc02b.ps.compliance.protection.office365.us"},
		{front, "https://eur02b.outlook.office365.com/adminapi/beta/other/EXOModuleFile", "eur02b.outlook.office365.com"},
		{front, "", ""},
		{front, "http://eur02b.outlook.office365.com/x", ""},
		{front, "https://eur02b.outlook.office365.com.evil.example/x", ""},
		{front, "https://ada:x@eur02b.outlook.office365.com/x", ""},
	} {
		w := newWorld(t, func(rw http.ResponseWriter, r sent) {
			if "https://"+r.host == c.base {
				if c.location != "" {
					rw.Header().Set("Location", c.location)
				}
				rw.WriteHeader(http.StatusFound)
				return
			}
			saying(200, `{"value":[{"Name":"a"}]}`)(rw, r)
		})
		h := newHeard()
		err := w.dial(&tokens{tenant: tenant}, func(t *session.Target) { t.Endpoint.URL = c.base }).Run(t.Context(), call("Get-Recipient"), h)
		all := w.requests()
		if c.region == "" {
			if refused, ok := errors.AsType[*exorest.RedirectError](err); !ok || len(all) != 1 {
				t.Errorf("%q: %d requests, %v, %v", c.location, len(all), refused, err)
			}
			continue
		}
		if err != nil || len(all) != 2 || all[1].host != c.region || all[1].uri != all[0].uri {
			t.Errorf("%q: %+v, %v", c.location, all, err)
		}
	}
	w := newWorld(t, func(rw http.ResponseWriter, r sent) {
		rw.Header().Set("Location", fmt.Sprintf("https://r%d.outlook.office365.com/x", len(r.host)%2))
		rw.WriteHeader(http.StatusTemporaryRedirect)
	})
	err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), call("Get-Recipient"), newHeard())
	if !errors.Is(err, exorest.ErrTooManyRedirects) || len(w.requests()) != 8 {
		t.Errorf("round and round: %d requests, %v", len(w.requests()), err)
	}
}

// There is no stop at the server: a read that is given up keeps its rows, of a change nobody
// knows whether it was run, and it is not sent again.
func TestWhatIsGivenUp(t *testing.T) {
	for name, c := range map[string]struct {
		cmdlet string
		unsure bool
	}{"a read": {"Get-Recipient", false}, "a change": {"Set-Mailbox", true}} {
		ctx, cancel := context.WithCancel(t.Context())
		over := make(chan struct{})
		w := newWorld(t, func(rw http.ResponseWriter, r sent) {
			if strings.Contains(r.uri, "EXOModuleFile") {
				moduleOf().write(rw)
				return
			}
			if strings.Contains(r.uri, "skiptoken") || c.unsure {
				cancel()
				<-over
				return
			}
			saying(200, `{"@odata.nextLink":"`+front+`/adminapi/beta/`+tenant+`/InvokeCommand?skiptoken=1","value":[{"Name":"a"},{"Name":"b"}]}`)(rw, r)
		})
		h := newHeard()
		err := w.dial(&tokens{tenant: tenant}).Run(ctx, call(c.cmdlet, "Identity", "ada", "ResultSize", "Unlimited"), h)
		close(over)
		partial, ok := errors.AsType[*session.PartialError](err)
		if !ok || partial.Unsure != c.unsure || partial.Rows != h.rows() || h.rows() != map[bool]int{false: 2}[c.unsure] || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %d rows, %v", name, h.rows(), err)
		}
		cancel()
	}
}

// The token is asked for anew before each page, as one may end in a long list.
func TestEachPageHasAToken(t *testing.T) {
	pages := make([]sampleResponse, 3)
	for i := range pages {
		pages[i] = sampleResponse{Status: 200, Body: json.RawMessage(fmt.Sprintf(`{"value":[{"Name":"%d"}],"@odata.nextLink":"%s/adminapi/beta/%s/InvokeCommand?page=%d"}`, i, front, tenant, i))}
	}
	pages[2].Body = json.RawMessage(`{"value":[{"Name":"2"}]}`)
	w := newWorld(t, playing(pages...))
	k := &tokens{tenant: tenant}
	c := w.dial(k)
	before := len(k.requests())
	h := newHeard()
	if err := c.Run(t.Context(), call("Get-Recipient", "ResultSize", "Unlimited"), h); err != nil || h.rows() != 3 || len(k.requests())-before != 3 {
		t.Errorf("%d rows, %d tokens, %v", h.rows(), len(k.requests())-before, err)
	}
}
