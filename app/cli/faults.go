package cli

import (
	"fmt"
	"slices"
	"strings"

	"postroom/session/simulator"
)

const aboutRules = `
FILE of --faults is JSON. For each request the first rule that fits is played:

  {"seed": 1, "rules": [{"fault": "429", "on": "Receive", "nth": [2], "retry": "5s"},
                        {"fault": "slow-cmdlet", "on": "Cmdlet", "delay": "30s"}]}

A rule always has a fault (broken-pool on Create only); all else is optional:
  on                        what it happens to; without it any request of either door
  nth, every, probability   which of them: by number from 1, every Nth, by chance
                            (0 to 1, decided by the seed); without these each one
  limit                     at most so many times
  account, tenant, cmdlet   only theirs
  after                     on Receive: only of a command that has given so many bytes
  delay                     how long: of delay, hang, hang-after, slow-cmdlet
  retry                     after how long to come again: of 503, 429, quota-budget, throttled
  rate, bytes, location     of slow (bytes a second), truncate, redirect
  rows, code                of row-error (every Nth object), entra (a number such as 50076)
`

// aboutFaults says what a file of faults may hold, from the simulator's own lists.
func aboutFaults() string {
	var b strings.Builder
	b.WriteString(aboutRules)
	anywhere := simulator.FaultsOn(simulator.Receive)
	named := func(on string, faults []simulator.Fault) {
		fmt.Fprintf(&b, "\nFaults on %s:\n%s", on, wrapped(faults))
	}
	named(strings.Join(texts(kindsOf(anywhere)), ", ")+", and without on", anywhere)
	for _, k := range simulator.Kinds() {
		own := slices.DeleteFunc(slices.Clone(simulator.FaultsOn(k)), func(f simulator.Fault) bool { return slices.Contains(anywhere, f) })
		switch k {
		case simulator.Batch, simulator.Module: // as Invoke
		case simulator.Invoke:
			named("Invoke, Batch, Module, beside those", own)
		case simulator.Graph:
			named("Graph, beside those", own)
		default:
			if len(own) > 0 {
				named(string(k), own)
			}
		}
	}
	return b.String()
}

// kindsOf are the kinds on which just these faults are played.
func kindsOf(faults []simulator.Fault) []simulator.Kind {
	return slices.DeleteFunc(simulator.Kinds(), func(k simulator.Kind) bool { return !slices.Equal(simulator.FaultsOn(k), faults) })
}

func texts[T ~string](list []T) []string {
	all := make([]string, len(list))
	for i, each := range list {
		all[i] = string(each)
	}
	return all
}

// helpWidth is how wide a line of help is at most.
const helpWidth = 86

// wrapped writes names in lines, indented.
func wrapped(faults []simulator.Fault) string {
	var b strings.Builder
	line := " "
	for i, f := range texts(faults) {
		if i < len(faults)-1 {
			f += ","
		}
		if len(line)+1+len(f) > helpWidth {
			b.WriteString(line + "\n")
			line = " "
		}
		line += " " + f
	}
	return b.String() + line + "\n"
}
