package rtc

import "slices"

// tileWant is what a tile of a viewer would have of its link.
type tileWant struct {
	bits  []int // a second, of its encodings, the best first; empty: it shows nothing
	first bool  // it goes before the others
	fixed bool  // somebody has chosen the encoding: it is the only one
	still bool  // the page shows a still of it where the link has no room
	lives bool  // it is not held now
}

// held is the number of encodings for a tile of which nothing is sent.
func (w tileWant) held() int { return len(w.bits) }

// allot gives each tile the number of one of its encodings, or held, so that all
// together take no more than budget bits a second. It is pure. What was chosen
// counts and stays. The first tile has the best that fits, and at least its
// smallest; of the others each has its smallest in their order, before any has a
// better one, and those that live before those that are held: no picture goes so
// that another comes. A tile without a still is never held. A budget of 0 bounds
// nothing.
func allot(tiles []tileWant, budget int) []int {
	out := make([]int, len(tiles))
	if budget <= 0 {
		return out
	}
	rest := budget
	lead := leader(tiles)
	for _, t := range tiles {
		if t.fixed && t.held() > 0 {
			rest -= t.bits[0]
		}
	}
	if lead >= 0 {
		rest -= best(tiles[lead], &out[lead], rest)
	}
	others := func(f func(i int, t tileWant)) {
		for i, t := range tiles {
			if i != lead && !t.fixed && t.held() > 0 {
				f(i, t)
			}
		}
	}
	for _, lives := range []bool{true, false} {
		others(func(i int, t tileWant) {
			least := t.held() - 1
			switch {
			case t.lives != lives:
			case t.still && t.bits[least] > rest:
				out[i] = t.held()
			default:
				out[i] = least
				rest -= t.bits[least]
			}
		})
	}
	others(func(i int, t tileWant) {
		if out[i] < t.held() {
			rest += t.bits[out[i]]
			rest -= best(t, &out[i], rest)
		}
	})
	return out
}

// best sets level to the best encoding of t within rest, else to its smallest,
// and returns its bits.
func best(t tileWant, level *int, rest int) int {
	for k, bits := range t.bits {
		if *level = k; bits <= rest {
			break
		}
	}
	return t.bits[*level]
}

// leader is the tile that goes before the others: one that is first, else the
// first that shows something; -1 where what was chosen is all there is.
func leader(tiles []tileWant) int {
	lead := -1
	for i, t := range tiles {
		switch {
		case t.fixed || t.held() == 0:
		case t.first:
			return i
		case lead < 0:
			lead = i
		}
	}
	return lead
}

// takes is what an allotment takes, bits a second.
func takes(tiles []tileWant, levels []int) int {
	sum := 0
	for i, t := range tiles {
		if levels[i] < t.held() {
			sum += t.bits[levels[i]]
		}
	}
	return sum
}

// full is what the tiles take at their best, and of that what the leader's does.
func full(tiles []tileWant) (all, lead int) {
	all = takes(tiles, make([]int, len(tiles)))
	if i := leader(tiles); i >= 0 {
		lead = tiles[i].bits[0]
	}
	return all, lead
}

// above is the least budget over this one under which the tiles have something
// better, 0 where they have all.
func above(tiles []tileWant, budget int) int {
	now := allot(tiles, budget)
	if !slices.ContainsFunc(now, func(level int) bool { return level > 0 }) {
		return 0
	}
	has, lead, chosen := takes(tiles, now), leader(tiles), 0
	for _, t := range tiles {
		if t.fixed && t.held() > 0 {
			chosen += t.bits[0]
		}
	}
	next, _ := full(tiles)
	for i, t := range tiles {
		for k := range now[i] {
			want := has + t.bits[k]
			switch {
			case i == lead:
				want = chosen + t.bits[k]
			case now[i] < t.held():
				want -= t.bits[now[i]]
			}
			if want > budget && want < next && !slices.Equal(allot(tiles, want), now) {
				next = want
			}
		}
	}
	return max(next, budget+1)
}

// share is a viewer's part of an uplink of so many bits a second, where all
// viewers together want all, and lead of that for their first pictures. 0: not
// bounded. First pictures suffer last.
func share(uplink, all, lead, mine, myLead int) int {
	if uplink <= 0 || all <= uplink {
		return 0
	}
	part := func(bits, of, to int) int {
		if to <= 0 {
			return 0
		}
		return int(float64(bits) * float64(of) / float64(to))
	}
	if lead >= uplink {
		return max(1, part(myLead, uplink, lead))
	}
	return max(1, myLead+part(mine-myLead, uplink-lead, all-lead))
}
