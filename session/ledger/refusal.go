package ledger

import (
	"context"
	"slices"
	"time"

	"postroom/session/holder"
)

// Refusal is a server's answer that an account has too many shells, though not
// by our count. It is shared by all processes: each that asks again can lengthen
// the lock-out.
type Refusal struct {
	// Until is when it may be asked again, Frees when a forgotten shell has
	// been dropped at the latest.
	Until time.Time `json:"until"`
	Frees time.Time `json:"frees"`
}

// refusal is a Refusal in the book.
type refusal struct {
	Holder holder.Holder `json:"key"`
	Refusal
}

// longestRefusal is the longest time that a refusal is minded. One that lasts
// longer was written when the clock was wrong.
const longestRefusal = 24 * time.Hour

// holds says whether it is to be minded now.
func (r Refusal) holds(now time.Time) bool {
	return now.Before(r.Until) && r.Until.Sub(now) <= longestRefusal
}

// Refuse notes a server's refusal, in place of an earlier one.
func (l *Ledger) Refuse(ctx context.Context, h holder.Holder, r Refusal) error {
	return l.change(ctx, func(b *book) error {
		b.Refused = slices.DeleteFunc(b.Refused, func(old refusal) bool { return old.Holder == h })
		b.Refused = append(b.Refused, refusal{Holder: h, Refusal: Refusal{Until: r.Until.UTC(), Frees: r.Frees.UTC()}})
		return nil
	})
}

// Refused gives the refusal that is to be minded for h, of whatever process;
// false when there is none. The longest counts where several may be h's; see
// holder.Holder.MayBe.
func (l *Ledger) Refused(h holder.Holder) (r Refusal, holds bool, err error) {
	b, err := l.load()
	if err != nil {
		return Refusal{}, false, err
	}
	for _, other := range b.Refused {
		if other.Holder.MayBe(h) && other.holds(time.Now()) && other.Until.After(r.Until) {
			r, holds = other.Refusal, true
		}
	}
	return r, holds, nil
}
