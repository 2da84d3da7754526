// Package schedules plays seeded schedules of faults: what the tests of both doors
// share. It knows the simulator's rules, and nothing of a door. Only tests import
// it.
package schedules

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"postroom/session/simulator"
)

// wanted is the number of schedules that -schedules asks for; 0 leaves it to the
// test.
var wanted = flag.Int("schedules", 0, "number of fault schedules to play")

// Play plays the seeds from 1 to n, each as a subtest: one that failed is played
// alone by -run 'TestSchedules/seed=N$'. So many players share them, as most of a
// schedule is waiting: each seed tells the player that it falls to, from 0.
func Play(t *testing.T, n, players int, play func(t *testing.T, player int, seed uint64)) {
	if *wanted > 0 {
		n = *wanted
	}
	seeds := make(chan uint64)
	var playing sync.WaitGroup
	for player := range players {
		playing.Go(func() { // ends with the seeds
			for seed := range seeds {
				t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { play(t, player, seed) })
			}
		})
	}
	for seed := range uint64(n) {
		seeds <- seed + 1
	}
	close(seeds)
	playing.Wait()
}

// Draw gives the faults of a seed: one to three of the choices, each with a chance
// of 5 to 35 in 100. Those that wait do it for least or up to so much more.
func Draw(seed uint64, least, more time.Duration, choices ...simulator.Rule) *simulator.Faults {
	//lint:ignore gosec the same seed has to give the same schedule
	r := rand.New(rand.NewPCG(seed, 1))
	delay := simulator.Duration(least + time.Duration(r.Int64N(int64(more))))
	f := &simulator.Faults{Seed: int64(seed)}
	for range 1 + r.IntN(3) {
		rule := choices[r.IntN(len(choices))]
		rule.Probability = 0.05 + r.Float64()*0.3
		switch rule.Fault {
		case simulator.Hang, simulator.HangAfter, simulator.Delayed, simulator.SlowCmdlet:
			rule.Delay = delay
		}
		f.Rules = append(f.Rules, rule)
	}
	return f
}

// Network are the faults of networks and front ends, which both doors meet.
func Network() []simulator.Rule {
	return []simulator.Rule{
		{Fault: simulator.Refuse, On: simulator.Accept},
		{Fault: simulator.DropBefore},
		{Fault: simulator.DropAfter},
		{Fault: simulator.Truncate},
		{Fault: simulator.Delayed},
		{Fault: simulator.BadGateway},
		{Fault: simulator.HTML},
		{Fault: simulator.Garbage},
		{Fault: simulator.HalfWay, On: simulator.Cmdlet},
	}
}
