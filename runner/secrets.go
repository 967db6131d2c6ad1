package runner

import (
	"slices"

	"awslab/runner/lesson"
	"awslab/runner/secret"
)

// secret gives a secret of the lesson. The seed of a home that cannot be used
// stops what needs a secret, and nothing else.
func (s *Session) secret(name string) (value string, ok bool, err error) {
	i := slices.IndexFunc(s.lesson.Secrets, func(one lesson.Secret) bool { return one.Name == name })
	if i < 0 {
		return "", false, nil
	}
	seed, err := s.lab.secretSeed()
	if err != nil {
		return "", false, err
	}
	one := s.lesson.Secrets[i]
	value, err = seed.Value(secret.Name{Course: s.lab.cfg.Course.ID, Lesson: s.lesson.ID, Variable: name}, one.Bytes, one.Encoding)
	return value, err == nil, err
}

// secretSeed is the student's. It is read when the first lesson needs it; a
// student may mend its file meanwhile.
func (l *Lab) secretSeed() (secret.Seed, error) {
	l.seeding.Lock()
	defer l.seeding.Unlock()
	if l.seed == nil {
		seed, err := secret.Open(l.cfg.Home, l.cfg.Random)
		if err != nil {
			return secret.Seed{}, err
		}
		l.seed = &seed
	}
	return *l.seed, nil
}

// mask hides what awslab never shows: the emulator's secret key, and the lesson's
// secrets.
func (s *Session) mask() *secret.Mask {
	s.masking.Lock()
	defer s.masking.Unlock()
	if s.masked != nil {
		return s.masked
	}
	var values []string
	if home := s.lab.cfg.Target.Home(); home != nil {
		values = append(values, home.Credentials().SecretAccessKey)
	}
	whole := true
	for _, one := range s.lesson.Secrets {
		value, ok, err := s.secret(one.Name)
		if !ok || err != nil { // it stands nowhere yet
			whole = false
			continue
		}
		values = append(values, value)
	}
	mask := secret.NewMask(values...)
	if whole {
		s.masked = mask
	}
	return mask
}

// hide is the mask of what awslab itself says of the cloud: findings, evidence,
// traces. Tokens lose their signatures there. What the student's own commands
// print keeps them.
func (s *Session) hide(text string) string { return secret.Tokens(s.mask().Text(text)) }
