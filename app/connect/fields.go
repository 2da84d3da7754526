package connect

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/widgets"
)

// field names a field of the dialog, for errors beside it.
type field int

const (
	fieldWhere field = iota
	fieldHost
	fieldAuth
	fieldTenant
	fieldAccount
	fieldPassword
	fieldApp
	fieldCertificate
	fieldPassphrase
	fieldKept // where sign-ins are kept; holds nothing
)

// fields are the rows of the dialog.
type fields map[field]*fieldRow

// fieldRow is a field with its label and the error below it.
type fieldRow struct {
	row   *fyne.Container
	wrong *widgets.Text
}

// add makes the row of a field; what belongs to it stands below it.
func (all fields) add(f field, label string, parts ...fyne.CanvasObject) fyne.CanvasObject {
	r := &fieldRow{wrong: widgets.NewParagraph("", widgets.ErrorText)}
	r.wrong.Hide()
	below := append([]fyne.CanvasObject{parts[0], r.wrong}, parts[1:]...)
	r.row = widgets.NewFormRow(widgets.NewParagraph(label, widgets.LabelText), widgets.NewColumn(3, below...))
	all[f] = r
	return r.row
}

// setError shows what is wrong, and tells whether that is news.
func (r *fieldRow) setError(text string) bool {
	if r.wrong.Value() == text && r.wrong.Visible() == (text != "") {
		return false
	}
	r.wrong.SetText(text)
	widgets.SetVisible(r.wrong, text != "")
	return true
}

// fieldError is something that is missing or wrong in a field.
type fieldError struct {
	field field
	text  string // for people
	err   error
}

// Error gives the cause.
func (e *fieldError) Error() string {
	if e.err != nil {
		return "sign in: " + e.err.Error()
	}
	return "sign in: a field is empty"
}

// Unwrap gives the cause.
func (e *fieldError) Unwrap() error { return e.err }

// causes says which field caused a problem, by the row of diagnose's table.
var causes = map[string]field{
	"wrong-password": fieldPassword, "password-expired": fieldPassword, "account-locked": fieldAccount,
	"account-disabled": fieldAccount, "account-unknown": fieldAccount, "rps-disabled": fieldAccount, "mfa": fieldAccount,
	"account-colon": fieldAccount, "account-control": fieldAccount, "password-control": fieldPassword,
	"secret-not-found": fieldPassword, "dns": fieldWhere, "no-name": fieldWhere, "refused": fieldWhere,
	"unreachable": fieldWhere, "not-found": fieldWhere, "not-wsman": fieldWhere, "endpoint-host": fieldWhere,
	"not-https": fieldWhere, "bad-domain": fieldTenant, "not-delegated": fieldTenant, "wrong-tenant": fieldTenant,
	"no-such-tenant": fieldTenant, "no-delegation": fieldTenant, "not-in-tenant": fieldTenant,
	"cloud-unknown-tenant": fieldTenant, "cloud-elsewhere": fieldTenant, "cloud-account": fieldAccount,
	"cloud-app-unknown": fieldApp, "cloud-certificate": fieldCertificate, "cloud-certificate-old": fieldCertificate,
}

// blamed says which field caused an error, and the few words that stand beside
// it; the card below says the rest.
func blamed(err error, at *place) (f field, text string, ok bool) {
	id := words.Explain(err).ID
	f, ok = causes[id]
	if id == "no-role" && !at.tenant.IsZero() {
		f, ok = fieldTenant, true // the tenant has not delegated to this account
	}
	if f == fieldWhere && at.endpoint.Template() {
		f = fieldHost
	}
	switch {
	case id == "wrong-password":
		text = lang.L("Not accepted.")
	case f == fieldWhere, f == fieldHost:
		text = lang.L("Cannot be reached.")
	case f == fieldTenant:
		text = lang.L("Not for this tenant.")
	default:
		text = lang.L("See below.")
	}
	return f, text, ok
}
