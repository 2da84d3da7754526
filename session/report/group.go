package report

// ownGroup is the group of a person's own reports that name none: no group of the
// catalogue is called so.
const ownGroup = "own"

// InGroup is the group that a report is listed in.
func (r Report) InGroup() string {
	if r.Own && r.Group == "" {
		return ownGroup
	}
	return r.Group
}

// GroupTitle is how a group is called; one's own groups have the name that one gave them.
func GroupTitle(group string) Text {
	switch group {
	case ownGroup:
		return Text{En: "My reports", De: "Meine Berichte"}
	case "Audit":
		return Text{En: group, De: "Überwachung"}
	case "Compliance":
		return Text{En: group, De: "Compliance"}
	case "Devices":
		return Text{En: group, De: "Geräte"}
	case "Groups":
		return Text{En: group, De: "Gruppen"}
	case "Mail flow":
		return Text{En: group, De: "Nachrichtenfluss"}
	case "Mailboxes":
		return Text{En: group, De: "Postfächer"}
	case "Migration":
		return Text{En: group, De: "Migration"}
	case "Organization":
		return Text{En: group, De: "Organisation"}
	case "Permissions":
		return Text{En: group, De: "Berechtigungen"}
	case "Public folders":
		return Text{En: group, De: "Öffentliche Ordner"}
	case "Quarantine":
		return Text{En: group, De: "Quarantäne"}
	case "Recipients":
		return Text{En: group, De: "Empfänger"}
	case "Security":
		return Text{En: group, De: "Sicherheit"}
	case "Servers":
		return Text{En: group, De: "Server"}
	case "Threats":
		return Text{En: group, De: "Bedrohungen"}
	}
	return Text{En: group}
}
