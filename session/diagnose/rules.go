package diagnose

import "slices"

// ruleFor finds the row that explains f. The last row explains everything.
func ruleFor(f *facts) rule {
	all := table()
	if i := slices.IndexFunc(all, func(r rule) bool { return r.when(f) }); i >= 0 {
		return all[i]
	}
	return all[len(all)-1]
}

// table is all rows, in the order in which they are asked. What the program
// itself knows for certain comes first, then what a server said in words, then
// codes, then statuses: a word of the server tells more than its number.
func table() []rule {
	return slices.Concat(sessionRules(), keptRules(), localRules(), endpointRules(), bindRules(), tlsRules(), networkRules(),
		cloudRules(), signInRules(), signInNeeded(), restRules(), exchangeRules(), quotedRules(), faultRules(), restStatusRules(), httpRules(), lastRules())
}
