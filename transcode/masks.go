package transcode

import (
	"fmt"
	"math"
	"strings"

	"matthan/gateway"
)

// Masks are drawn as black boxes on the decoded picture, by filters that have no
// other input than the picture: there is nothing that could be missing, come late
// or fail and leave the picture as it is. A chain that cannot be set up gives no
// picture. The boxes are fractions of the picture, so that one of another size,
// which sets the chain up anew, has them in the same places.
//
// What is hidden is laid on a grid, generously: each cell that a line of a mask
// touches, and each that is not reached from the picture's edge without crossing
// one. So it does not matter in which direction a mask is drawn, and where its
// lines cross it hides all that a line around it would. A grid whose boxes are too
// many for a chain gives way to a coarser one, which hides more.

// grids are the cells of a picture, from fine to coarse.
var grids = [...][2]int{{160, 90}, {96, 54}, {64, 36}, {32, 18}, {16, 9}}

// maxBoxes bounds a chain. A chain of the coarsest grid has 72 at most.
const maxBoxes = 100

// box is cells of a grid, from left and top to before right and bottom.
type box struct{ left, top, right, bottom int }

// chain is the filters that draw masks, with a comma after each; "" without masks.
func chain(masks []gateway.Mask) string {
	if len(masks) == 0 {
		return ""
	}
	var b strings.Builder
	// Of the decoder's picture a frame of the range that black is given in.
	b.WriteString("scale=out_range=tv,format=yuv420p,")
	grid, boxes := boxesOf(masks)
	for _, r := range boxes {
		// On whole chroma samples of two by two: rounded outwards.
		span := func(axis string, from, to, of int) (at, long string) {
			at = fmt.Sprintf("2*floor(%s*%d/%d/2)", axis, from, of)
			return at, fmt.Sprintf("2*ceil(%s*%d/%d/2)-%s", axis, to, of, at)
		}
		x, w := span("iw", r.left, r.right, grid[0])
		y, h := span("ih", r.top, r.bottom, grid[1])
		fmt.Fprintf(&b, "drawbox=x=%s:y=%s:w=%s:h=%s:color=black@1:t=fill,", x, y, w, h)
	}
	return b.String()
}

// boxesOf is what hides all masks, and on which grid.
func boxesOf(masks []gateway.Mask) (grid [2]int, boxes []box) {
	for _, grid = range grids {
		hidden := make([]bool, grid[0]*grid[1])
		for _, m := range masks {
			hide(hidden, grid, m)
		}
		if boxes = merge(hidden, grid); len(boxes) <= maxBoxes {
			break
		}
	}
	return grid, boxes
}

// hide marks the cells that one mask hides. Each mask is laid out alone: what lies
// between two of them is not hidden.
func hide(hidden []bool, grid [2]int, m gateway.Mask) {
	wide, high := grid[0]+2, grid[1]+2 // with a ring of cells around the picture
	const (
		line = 1
		free = 2
	)
	cells := make([]byte, wide*high)
	for i, p := range m {
		touch(grid, p, m[(i+1)%len(m)], func(x, y int) { cells[(y+1)*wide+x+1] = line })
	}
	cells[0] = free
	for todo := []int{0}; len(todo) > 0; {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		x, y := at%wide, at/wide
		for _, d := range [...][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			if x, y := x+d[0], y+d[1]; x >= 0 && x < wide && y >= 0 && y < high && cells[y*wide+x] == 0 {
				cells[y*wide+x] = free
				todo = append(todo, y*wide+x)
			}
		}
	}
	for y := range grid[1] {
		for x := range grid[0] {
			if cells[(y+1)*wide+x+1] != free {
				hidden[y*grid[0]+x] = true
			}
		}
	}
}

// touch finds the cells that a line passes or comes near to: within a tenth of a
// cell, which covers all rounding, here and of a picture's edge between pixels.
func touch(grid [2]int, from, to gateway.Point, mark func(x, y int)) {
	const near = 0.1
	cols, rows := float64(grid[0]), float64(grid[1])
	x0, y0, x1, y1 := from.X*cols, from.Y*rows, to.X*cols, to.Y*rows
	if y0 > y1 {
		x0, y0, x1, y1 = x1, y1, x0, y0
	}
	for y := max(0, int(math.Floor(y0-near))); y <= min(grid[1]-1, int(math.Floor(y1+near))); y++ {
		// The line's part within this row of cells.
		left, right := x0, x1
		if y1-y0 > 1e-9 {
			slope := (x1 - x0) / (y1 - y0)
			left = x0 + slope*(min(max(float64(y)-near, y0), y1)-y0)
			right = x0 + slope*(min(max(float64(y)+1+near, y0), y1)-y0)
		}
		left, right = min(left, right), max(left, right)
		for x := max(0, int(math.Floor(left-near))); x <= min(grid[0]-1, int(math.Floor(right+near))); x++ {
			mark(x, y)
		}
	}
}

// merge makes boxes of cells: the runs of each row, joined with the same of the row
// above.
func merge(hidden []bool, grid [2]int) (boxes []box) {
	var open []box // that end at the row above
	for y := range grid[1] {
		var now []box
		for x := 0; x < grid[0]; x++ {
			if !hidden[y*grid[0]+x] {
				continue
			}
			r := box{x, y, x, y + 1}
			for x < grid[0] && hidden[y*grid[0]+x] {
				x++
			}
			r.right = x
			for i, o := range open {
				if o.left == r.left && o.right == r.right {
					r.top, open = o.top, append(open[:i], open[i+1:]...)
					break
				}
			}
			now = append(now, r)
		}
		boxes = append(boxes, open...)
		open = now
	}
	return append(boxes, open...)
}
