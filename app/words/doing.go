package words

import (
	"fmt"

	"fyne.io/fyne/v2/lang"

	"postroom/session"
)

// Doing says what a door does by itself, such as waiting as the service asks; "" for nothing.
func Doing(d session.Doing) string {
	switch {
	case d.Wait > 0:
		return fmt.Sprintf(lang.L("waiting %s s, as the service asks"), Number(session.Seconds(d.Wait)))
	case d.Tries > 0:
		return fmt.Sprintf(lang.L("no usable answer; trying again in %s s (%s of %s)"), Number(session.Seconds(d.Again)), Number(d.Try), Number(d.Tries))
	case d.Page > 0:
		return fmt.Sprintf(lang.L("page %s"), Number(d.Page))
	}
	return ""
}
