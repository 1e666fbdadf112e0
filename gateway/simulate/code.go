package simulate

const (
	codeCells = 16 // of the code in the pixels
	cellsWide = 80 // cells that would fill the picture's width
)

// ReadCode reads the code in the bottom left corner of a picture (see the
// package's description): the number of the scene, 0 to 15, and the picture's
// place in the loop, 0 to 511. gray holds luma, one byte a pixel, stride bytes
// from a row to the next; it is only read. ok is false where the picture is too
// small, holds no code, or its parity is wrong; one in 16 random patterns passes.
func ReadCode(gray []byte, stride, width, height int) (scene, number int, ok bool) {
	cell := width / cellsWide
	if cell < 2 || height < cell || stride < width || stride > len(gray) || height > len(gray)/stride {
		return 0, 0, false
	}
	level := func(i int) int { return cellLevel(gray, stride, i*cell, height-cell, cell) }
	white, black := level(0), level(1)
	if white-black < 64 {
		return 0, 0, false
	}
	bits, ones := 0, 0
	for i := 2; i < codeCells; i++ {
		bits <<= 1
		if level(i) > (white+black)/2 {
			bits |= 1
			ones++
		}
	}
	if ones%2 != 0 {
		return 0, 0, false
	}
	return bits >> 10, bits >> 1 & 0x1ff, true
}

// cellLevel is the mean of a cell's middle, away from edges that compression and
// scaling soften.
func cellLevel(gray []byte, stride, x, y, cell int) int {
	from, to := cell/4, cell-cell/4
	sum := 0
	for dy := from; dy < to; dy++ {
		row := (y+dy)*stride + x
		for _, v := range gray[row+from : row+to] {
			sum += int(v)
		}
	}
	return sum / ((to - from) * (to - from))
}
