package gateway

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func tried(id CameraID) Camera {
	return Camera{ID: id, Name: "x", Area: "a", Kind: Public, Main: "rtsp://192.0.2.1/" + string(id)}
}

func TestATriedCameraIsFoundByItsIDAloneUntilItsTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list, err := NewList([]Area{{ID: "top", Name: "T"}, {ID: "a", Name: "A", Parent: "top"}}, []Camera{tried("entered")})
		if err != nil {
			t.Fatal(err)
		}
		var gone []CameraID
		trials := NewTrials(list)
		trials.Gone = func(id CameraID) { gone = append(gone, id) }
		if _, err := trials.Try("an", tried("try-1"), time.Now()); err != nil {
			t.Fatal(err)
		}
		if c, err := trials.Camera("try-1"); err != nil || c.Transport != Auto {
			t.Fatalf("%+v %v", c, err)
		}
		if _, err := trials.Camera("entered"); err != nil || len(trials.Cameras()) != 1 || len(AreaPath(trials, "a")) != 2 {
			t.Errorf("what is entered: %v, %d in the list", err, len(trials.Cameras()))
		}
		if _, err := trials.Try("an", tried("try-2"), time.Now()); err != nil {
			t.Fatal(err)
		}
		if _, err := trials.Camera("try-1"); !errors.Is(err, ErrNotFound) || len(gone) != 1 || gone[0] != "try-1" {
			t.Errorf("the one before: %v, gone %v", err, gone)
		}
		time.Sleep(TrialFor)
		if _, err := trials.Camera("try-2"); !errors.Is(err, ErrNotFound) {
			t.Errorf("after its time: %v", err)
		}
	})
}

func TestAWrongCameraOrOneTooManyIsNotTried(t *testing.T) {
	t.Parallel()
	list, err := NewList([]Area{{ID: "a", Name: "A"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	trials := NewTrials(list)
	c, now := tried("try-1"), time.Now()
	c.Main = "http://192.0.2.1/"
	var problems Problems
	if _, err := trials.Try("an", c, now); !errors.As(err, &problems) || problems[0].Field != "main" {
		t.Errorf("%v", err)
	}
	for i := range maxTrials {
		if _, err := trials.Try(fmt.Sprint(i), tried(CameraID(fmt.Sprint("try-", i))), now); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := trials.Try("late", tried("try-late"), now); !errors.Is(err, ErrTrials) {
		t.Errorf("%v", err)
	}
	if _, err := trials.Try("late", tried("try-late"), now.Add(TrialFor)); err != nil || len(trials.byID) != 1 {
		t.Errorf("when the others are over: %v, %d", err, len(trials.byID))
	}
}
