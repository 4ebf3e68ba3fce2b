"""The made-up policy of the demonstration's councils, in two versions."""

FIRST = """# Social media policy

## 1. Who this is for

1.1 This policy covers everybody who works for the council: staff, contractors, agency workers and volunteers.

## 2. Accounts

2.1 New accounts are opened only as the council has agreed, and answer to a service area.

2.2 Each service area names its editors, ideally two. Its manager names them.

2.3 An editor completes the training and signs this policy before they are given access.

## 3. Posting

3.1 Write plainly and respectfully. Make clear that you speak for the council.

3.2 Never post anybody's personal details. Ask before you show a photograph of a person.

3.3 Do not remove criticism. Answer it.

## 4. Ending an account

4.1 An account that is no longer needed is closed, mothballed or handed over. It is never left branded but neglected.

## 5. Review

5.1 This policy is reviewed every year.
"""

SECOND = """# Social media policy

## 1. Who this is for

1.1 This policy covers everybody who works for the council: staff, contractors, agency workers and volunteers.

## 2. Accounts

2.1 New accounts are opened only as the council has agreed, and answer to a service area. A request says how long the
account is to live and how it will end.

2.2 Each service area names its editors, ideally two. Its manager names them.

2.3 An editor completes the training and signs this policy before they are given access.

2.4 Two-step sign-in is on for every account that offers it. Credentials are kept in custody and nowhere else.

## 3. Posting

3.1 Write plainly and respectfully. Make clear that you speak for the council.

3.2 Never post anybody's personal details. Ask before you show a photograph of a person; ask a parent for a child's.

3.3 Do not remove criticism. Answer it.

## 4. Security

4.1 The security settings of every account are checked regularly.

4.2 Whoever notices that an account has been taken over tells Communications at once.

## 5. Ending an account

5.1 An account that is no longer needed is closed, mothballed or handed over. It is never left branded but neglected.

## 6. Review

6.1 This policy is reviewed every year.
"""
