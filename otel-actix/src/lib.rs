//! One attribute gives an actix-web service its OpenTelemetry telemetry.
