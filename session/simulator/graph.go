package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"postroom/session/simulator/exchange"
)

const (
	// graphPath is where Microsoft Graph is found; tokens for it are for this address.
	graphPath    = "/graph"
	graphVersion = "/v1.0"
	// graphPage is how many entries a page has.
	graphPage = 2

	delegatedList = "tenantrelationships/delegatedadmincustomers"
	contractList  = "contracts"
	tenantLookup  = "tenantrelationships/findtenantinformationbytenantid(tenantid='"
)

// serveGraph serves what a partner asks Microsoft Graph for: the lists of its
// customers, and the domain of a tenant. All customers have delegated; every other
// one has a contract as well, which names its domain.
func (d *restDoor) serveGraph(w http.ResponseWriter, r *http.Request) {
	what := strings.ToLower(strings.Trim(strings.TrimPrefix(r.URL.Path, graphPath+graphVersion), "/"))
	d.server.counters.count(func(st *Stats) { st.RequestsByKind[string(Graph)]++ })
	who, refused := d.graphCaller(r)
	rule, faulty := d.server.fault(occasion{kind: Graph, account: who.account, tenant: who.domain(), cmdlet: what})
	switch {
	case faulty && d.server.playBefore(w, r, nil, signedIn{account: who.account, tenant: who.tenant}, rule):
		return
	case faulty && rule.Fault == NoConsent:
		write(w, graphRefusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."))
		return
	case faulty && (rule.Fault == TokenExpired || rule.Fault == ClaimsWanted):
		if a, ok := d.faultAnswer(rule, who); ok {
			write(w, a)
			return
		}
	}
	serve := func() answer {
		if refused != nil {
			return *refused
		}
		return d.graph(r, what, rule.Fault)
	}
	if faulty {
		d.server.playAfter(w, r, rule, serve)
		return
	}
	write(w, serve())
}

// graphCaller reads the token, which must be for Graph and of the partner's tenant.
func (d *restDoor) graphCaller(r *http.Request) (restCaller, *answer) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	claims, err := d.authority.VerifyGraph(token)
	if err != nil {
		a := graphRefusal(401, "InvalidAuthenticationToken", "Access token validation failure.")
		a.header.Set("Www-Authenticate", d.bearer(`error="invalid_token"`))
		return restCaller{}, &a
	}
	who := restCaller{account: claims.Account, tenant: d.server.service.Find(claims.Tenant)}
	if who.tenant != d.server.service.Own() {
		return who, new(graphRefusal(403, "accessDenied", "The tenant is not a partner."))
	}
	return who, nil
}

// customers are the tenants that have delegated, by name.
func (d *restDoor) customers() []*exchange.Tenant {
	return slices.DeleteFunc(slices.Clone(d.server.service.Listed()), func(t *exchange.Tenant) bool { return t.Own })
}

func (d *restDoor) graph(r *http.Request, what string, fault Fault) answer {
	if r.Method != http.MethodGet {
		return graphRefusal(405, "Request_BadRequest", "Only GET is served.")
	}
	var entries []any
	switch {
	case what == delegatedList:
		for _, t := range d.customers() {
			entries = append(entries, map[string]any{"@odata.etag": "W/\"" + exchange.GUID(t.ID) + "\"", "id": t.ID, "tenantId": t.ID, "displayName": t.Name})
		}
	case what == contractList:
		for i, t := range d.customers() {
			if i%2 == 0 {
				entries = append(entries, map[string]any{"id": exchange.GUID(t.ID), "contractType": "SyndicationPartner", "customerId": t.ID, "defaultDomainName": t.Domain, "displayName": t.Name})
			}
		}
	case strings.HasPrefix(what, tenantLookup) && strings.HasSuffix(what, "')"):
		t := d.server.service.Find(strings.TrimSuffix(strings.TrimPrefix(what, tenantLookup), "')"))
		if t == nil {
			return graphRefusal(404, "Request_ResourceNotFound", "The tenant was not found.")
		}
		return graphAnswer(map[string]any{"tenantId": t.ID, "displayName": t.Name, "defaultDomainName": t.Domain, "federationBrandName": nil})
	default:
		return graphRefusal(400, "BadRequest", "Resource not found for the segment '"+what+"'.")
	}
	return d.graphList(r, entries, fault)
}

// graphList gives a page of a list and the link to the next.
func (d *restDoor) graphList(r *http.Request, entries []any, fault Fault) answer {
	from, err := strconv.Atoi(r.URL.Query().Get("$skiptoken"))
	if err != nil || from < 0 || from > len(entries) {
		from = 0
	}
	upTo := min(from+graphPage, len(entries))
	page := map[string]any{"value": entries[from:upTo]}
	if from == upTo {
		page["value"] = []any{}
	}
	next := upTo
	host := d.server.base()
	switch fault {
	case ForeignLink:
		host = "https://graph.elsewhere.example"
	case SameLink:
		next = from
	}
	if upTo < len(entries) {
		page["@odata.nextLink"] = host + r.URL.Path + "?$skiptoken=" + strconv.Itoa(next)
	}
	return graphAnswer(page)
}

func graphAnswer(body map[string]any) answer {
	b, err := json.Marshal(body)
	if err != nil {
		panic(err) // texts and numbers can be written
	}
	return answer{status: 200, header: http.Header{"Content-Type": {"application/json"}, "Request-Id": {exchange.GUID(string(b))}}, body: b}
}

func graphRefusal(status int, code, message string) answer {
	a := graphAnswer(map[string]any{"error": map[string]any{"code": code, "message": message}})
	a.status = status
	return a
}
