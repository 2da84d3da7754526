package widgets_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"postroom/widgets"
)

// everyField is a form with each kind of field, as New-TransportRule and its kin have them.
func everyField() widgets.FormSpec {
	return widgets.FormSpec{
		Sets:       []widgets.ParameterSet{{Name: "Kind", Label: "By kind of recipient"}, {Name: "Filter", Label: "By a filter of your own"}},
		DefaultSet: "Filter",
		Fields: []widgets.Field{
			{Name: "Name", Needs: widgets.Requirement{Always: true, Certain: true}, Help: "What the rule is called in lists and logs."},
			{Name: "Mode", Kind: widgets.FieldChoice, Choices: []string{"Audit", "AuditAndNotify", "Enforce"}, Help: "Audit writes to the log and does nothing else. Enforce acts."},
			{Name: "ActivationDate", Label: "Activation date", Kind: widgets.FieldDateTime, Help: "Sent with its zone."},
			{Name: "AttachmentSizeOver", Label: "Attachment size over", Kind: widgets.FieldSize, Unlimited: true, Help: "Any attachment larger than this."},
			{Name: "RetainFor", Label: "Retain deleted items for", Kind: widgets.FieldDuration},
			{Name: "SetSCL", Label: "Set SCL", Kind: widgets.FieldNumber, Limits: widgets.FieldLimits{Bounded: true, Least: 0, Greatest: 9}, Help: "The spam confidence level, 0 to 9."},
			{Name: "Words", Label: "Attachment extension matches words", Kind: widgets.FieldList, Help: "Any attachment that ends so. One a line; a column of a spreadsheet can be pasted."},
			{Name: "Content", Label: "Incident report content", Kind: widgets.FieldMultiChoice, Choices: []string{"Sender", "Recipients", "Subject", "Cc"}, Help: "What stands in the report."},
			{Name: "ModerationEnabled", Label: "Moderation enabled", Kind: widgets.FieldBool, Help: "Off when it is not sent."},
			{Name: "ManagedBy", Label: "Managed by", Kind: widgets.FieldIdentity, Help: "Who owns the group."},
			{Name: "AcceptMessagesOnlyFrom", Label: "Accept messages only from", Kind: widgets.FieldAddRemove, Changes: jsonChanges, Help: "Who may write to the group. Empty: everyone may."},
			{Name: "RecipientFilter", Label: "Recipient filter", Kind: widgets.FieldFilter, Help: "Who belongs to it.", Filter: []widgets.FilterProperty{{Name: "Department"}, {Name: "Office"}, {Name: "City"}}},
			{Name: "Credential", Kind: widgets.FieldCredential},
			{Name: "File", Kind: widgets.FieldFile, Help: "The certificate, as a .cer or .pfx file."},
		},
	}
}

func TestPictures_fields(t *testing.T) {
	both(t, func(t *testing.T, mode string) {
		f := widgets.NewParameterForm()
		f.Pick = func(string, func([]string)) {}
		f.Preview = func(v map[string]string) string {
			return "New-TransportRule -Name '" + v["Name"] + "' -Mode Audit -AttachmentSizeOver 200KB -ManagedBy 'Maike Möller' -RecipientFilter 'Office -like ''Hafen*'' -and City -eq ''Bremerhaven'''"
		}
		f.SetSpec(everyField())
		f.SetRunText("Run on Nordsee Logistik")
		f.SetValues(map[string]string{
			"Name": "Macros from outside", "Mode": "Audit", "ActivationDate": "2026-11-31 06:00", "AttachmentSizeOver": "200 KB", "SetSCL": "12",
			"Words": "docm\nxlsm\npptm", "Content": "Sender\nRecipients", "ModerationEnabled": "true", "ManagedBy": "Maike Möller",
			"AcceptMessagesOnlyFrom": `[["Chloë Dierks","Dmitri Ehlers"],["Pforte Nord"]]`,
			"RecipientFilter":        "Office -like 'Hafen*' -and City -eq 'Bremerhaven'",
		})
		w := window(t, f, 860, 900)
		w.Resize(fyne.NewSize(861, 900))
		shoot(t, w, "fields-"+mode)
		w.Resize(fyne.NewSize(560, 600))
		shoot(t, w, "fields-narrow-"+mode)
		f.SetFolded(true)
		w.Resize(fyne.NewSize(860, 60))
		shoot(t, w, "fields-folded-"+mode)
	})
}
