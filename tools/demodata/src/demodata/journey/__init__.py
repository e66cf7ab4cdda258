"""The demo journey: one enrolment from application to federal form, driven through the gateway as its users would."""
