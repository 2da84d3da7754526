package simulator

import (
	"strconv"
	"strings"
)

// message is a traced message. Message 0 is the newest; they lie in the ten
// days before the epoch.
type message struct {
	t            *tenant
	i            int
	d            dice
	at           int64
	inbound      bool
	inside       person
	outsideUser  string
	outsideHost  string
	status       string
	subjectMaker dice
}

const traceDays = 10

func tracedMessage(t *tenant, i int) message {
	m := message{t: t, i: i, d: t.seed.of(uint64(i) | 5<<40)}
	m.at = t.receivedAt(i)
	m.inbound = m.d.of(1).n(3) > 0
	m.inside = t.someone(m.d.of(2))
	other := pick(m.d.of(3), outsiders)
	m.outsideUser, m.outsideHost = other, pick(m.d.of(4), partnerDomains())
	m.status = "Delivered"
	switch n := m.d.of(5).n(100); {
	case n < 3:
		m.status = "Failed"
	case n < 5:
		m.status = "Pending"
	case n < 11 && m.inbound:
		m.status = "FilteredAsSpam"
	case n < 14 && m.inbound:
		m.status = "Quarantined"
	case n < 18:
		m.status = "Expanded"
	case n < 20:
		m.status = "GettingStatus"
	}
	m.subjectMaker = m.d.of(6)
	return m
}

// outsiders are local parts of people outside.
var outsiders = strings.Fields("anke.berg o.svensson j.doe newsletter no-reply rechnung buchhaltung maria.silva k.tanaka postmaster sales h.wang support billing p.novak")

// receivedAt spreads the messages over the ten days before the epoch, the
// newest first.
func (t *tenant) receivedAt(i int) int64 {
	spacing := int64(traceDays) * ticksPerDay / int64(max(t.traced, 1))
	return t.epoch - int64(i+1)*spacing + int64(t.seed.of(uint64(i)|6<<40).n(int(max(spacing, 1))))
}

// someone is one of the tenant's people.
func (t *tenant) someone(d dice) person {
	if t.mailboxes == 0 {
		return mailUser(t, d.n(max(t.mailUsers, 1)))
	}
	return mailboxOwner(t, d.n(t.mailboxes))
}

// subject writes a subject with a number in it, where there is a place for one.
func (t *tenant) subject(d dice) string {
	s := pick(d, t.names.subjects)
	return strings.Replace(s, "%d", strconv.Itoa(1+d.of(1).n(9_999)), 1)
}

func (m *message) sender() string {
	if m.inbound {
		return m.outsideUser + "@" + m.outsideHost
	}
	return m.inside.alias + "@" + m.inside.domain
}

func (m *message) recipient() string {
	if m.inbound {
		return m.inside.alias + "@" + m.inside.domain
	}
	return m.outsideUser + "@" + m.outsideHost
}

func address(d dice) string {
	return "203.0.113." + strconv.Itoa(1+d.n(254))
}

func messageColumns() []column[message] {
	return []column[message]{
		{"Organization", kindText, nil, func(v *message, p pen) { p.text(v.t.initial) }},
		{"MessageId", kindText, nil, func(v *message, p pen) {
			p.text("<", guidText(v.d.of(7))[:18], ".", strconv.Itoa(v.i), "@", v.outsideHost, ">")
		}},
		{"Received", kindTime, nil, func(v *message, p pen) { p.time(v.at, clockNone) }},
		{"SenderAddress", kindText, nil, func(v *message, p pen) { p.text(v.sender()) }},
		{"RecipientAddress", kindText, nil, func(v *message, p pen) { p.text(v.recipient()) }},
		{"Subject", kindText, nil, func(v *message, p pen) { p.text(v.t.subject(v.subjectMaker)) }},
		{"Status", kindText, nil, func(v *message, p pen) { p.text(v.status) }},
		{"ToIP", kindText, nil, func(v *message, p pen) {
			if !v.inbound && v.status == "Delivered" {
				p.text(address(v.d.of(8)))
			}
		}},
		{"FromIP", kindText, nil, func(v *message, p pen) {
			if v.inbound {
				p.text(address(v.d.of(9)))
			}
		}},
		{"Size", kindInt32, nil, func(v *message, p pen) { p.int32(4_200 + v.d.of(10).n(9_000)*v.d.of(11).n(40)) }},
		{"MessageTraceId", kindGUID, nil, func(v *message, p pen) { p.guid(v.d.of(12)) }},
		{"StartDate", kindTime, nil, func(v *message, p pen) { p.time(v.t.epoch-2*ticksPerDay, clockNone) }},
		{"EndDate", kindTime, nil, func(v *message, p pen) { p.time(v.t.epoch, clockNone) }},
		{"Index", kindInt32, nil, func(v *message, p pen) { p.int32(v.i) }},
	}
}

// quarantined is a message in quarantine. Message 0 is the newest; they lie in
// the thirty days before the epoch.
type quarantined struct {
	t    *tenant
	i    int
	d    dice
	at   int64
	to   person
	kind string
}

func quarantinedMessage(t *tenant, i int) quarantined {
	q := quarantined{t: t, i: i, d: t.seed.of(uint64(i) | 7<<40)}
	spacing := 30 * ticksPerDay / int64(max(t.quarantined, 1))
	q.at = t.epoch - int64(i+1)*spacing + int64(q.d.of(1).n(int(spacing)))
	q.to = t.someone(q.d.of(2))
	q.kind = pick(q.d.of(3), []string{"Spam", "Spam", "Spam", "Phish", "HighConfPhish", "Bulk", "Malware", "TransportRule"})
	return q
}

func (q *quarantined) identity() string {
	return guidText(q.d.of(4)) + `\` + guidText(q.d.of(5))
}

func (q *quarantined) sender() string {
	return pick(q.d.of(6), outsiders) + "@" + pick(q.d.of(7), []string{"winner-lotto.example", "secure-bank.example", "cheap-pills.example", "invoice-portal.example", "kurier-paket.example"})
}

func quarantineColumns() []column[quarantined] {
	return []column[quarantined]{
		{"Identity", kindText, nil, func(v *quarantined, p pen) { p.text(v.identity()) }},
		{"ReceivedTime", kindTime, nil, func(v *quarantined, p pen) { p.time(v.at, clockNone) }},
		{"Organization", kindText, nil, func(v *quarantined, p pen) { p.text(v.t.initial) }},
		{"MessageId", kindText, nil, func(v *quarantined, p pen) { p.text("<", guidText(v.d.of(8)), "@", v.sender()[3:], ">") }},
		{"SenderAddress", kindText, nil, func(v *quarantined, p pen) { p.text(v.sender()) }},
		{"RecipientAddress", kindList, arrayList(), func(v *quarantined, p pen) { p.list(v.to.alias + "@" + v.to.domain) }},
		{"Subject", kindText, nil, func(v *quarantined, p pen) {
			p.text(pick(v.d.of(9), []string{"Sie haben gewonnen!!! <klicken>", "Your parcel \"DE-4711\" is waiting", "Paiement refusé – vérifiez votre compte", "=cmd|'/c calc'!A1", "【緊急】アカウント確認", "Re: your invoice", "Kontobestätigung erforderlich\tjetzt", "💊 90% off"}))
		}},
		{"Type", kindText, nil, func(v *quarantined, p pen) { p.text(v.kind) }},
		{"QuarantineTypes", kindText, nil, func(v *quarantined, p pen) { p.text(v.kind) }},
		{"PolicyType", kindText, nil, func(v *quarantined, p pen) {
			p.text(map[string]string{"Malware": "AntiMalwarePolicy", "TransportRule": "ExchangeTransportRule", "Phish": "AntiPhishPolicy"}[v.kind])
			if len(p.cell().text) == 0 {
				p.text("HostedContentFilterPolicy")
			}
		}},
		{"PolicyName", kindText, nil, func(v *quarantined, p pen) { p.text("Default") }},
		{"Direction", kindText, nil, func(v *quarantined, p pen) { p.text("Inbound") }},
		{"ReleaseStatus", kindText, nil, func(v *quarantined, p pen) {
			p.text(pick(v.d.of(10), []string{"NOTRELEASED", "NOTRELEASED", "NOTRELEASED", "NOTRELEASED", "RELEASED", "REQUESTED", "DENIED"}))
		}},
		{"Released", kindBool, nil, func(v *quarantined, p pen) { p.yes(false) }},
		{"ReleasedUser", kindList, arrayList(), func(v *quarantined, p pen) { p.list() }},
		{"Reported", kindBool, nil, func(v *quarantined, p pen) { p.yes(v.d.of(11).one(20)) }},
		{"SystemReleased", kindBool, nil, func(v *quarantined, p pen) { p.yes(false) }},
		{"Size", kindInt32, nil, func(v *quarantined, p pen) { p.int32(3_000 + v.d.of(12).n(800_000)) }},
		{"Expires", kindTime, nil, func(v *quarantined, p pen) { p.time(v.at+30*ticksPerDay, clockNone) }},
		{"RecipientCount", kindInt32, nil, func(v *quarantined, p pen) { p.int32(1) }},
		{"QuarantinedUser", kindList, arrayList(), func(v *quarantined, p pen) { p.list(v.to.alias + "@" + v.to.domain) }},
		{"DeletedForRecipients", kindList, arrayList(), func(v *quarantined, p pen) { p.list() }},
		{"EntityType", kindText, nil, func(v *quarantined, p pen) { p.text("Email") }},
		{"TagName", kindText, nil, func(v *quarantined, p pen) { p.text("AdminOnlyAccessPolicy") }},
		{"PermissionToRelease", kindBool, nil, func(v *quarantined, p pen) { p.yes(true) }},
	}
}
