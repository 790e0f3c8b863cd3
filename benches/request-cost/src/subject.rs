//! The subject of a measurement: a variant, a kind of request, and the work of the handler. It runs in a process of its
//! own.

use std::str::FromStr;

use actix_http::Request;
use actix_web::rt::System;

use crate::app::Shape;
use crate::measure::Result;
use crate::request::Requests;
use crate::serve::{InProcess, Serve};
use crate::variant::{Export, Installed, Variant};

/// The subject of a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The telemetry.
    pub variant: Variant,
    /// `true` if requests have a sampled `traceparent`.
    pub traceparent: bool,
    /// The work of the handler.
    pub shape: Shape,
}

impl Subject {
    /// A variant, with the plain handler.
    #[must_use]
    pub const fn new(variant: Variant, traceparent: bool) -> Self {
        Self { variant, traceparent, shape: Shape::PLAIN }
    }

    /// The number of requests before the measurement: they fill pools, visit each route and create the instruments.
    #[must_use]
    pub const fn warm_up(self) -> usize {
        500 + 2 * self.shape.routes
    }

    /// The subject as the arguments of a process.
    #[must_use]
    pub fn to_arguments(self) -> Vec<String> {
        let Self { variant, traceparent, shape } = self;
        let numbers = [usize::from(traceparent), shape.attributes, shape.children, shape.routes];
        let numbers = numbers.map(|number| number.to_string());
        std::iter::once(variant.name().to_owned()).chain(numbers).collect()
    }

    /// Reads the arguments of a process.
    ///
    /// # Errors
    ///
    /// If they are not those of [`to_arguments`](Self::to_arguments).
    pub fn from_arguments(arguments: &mut impl Iterator<Item = String>) -> Result<Self> {
        let mut next = || arguments.next().ok_or("an argument is missing");
        let variant = Variant::from_str(&next()?)?;
        let traceparent = next()? == "1";
        let shape = Shape {
            attributes: next()?.parse()?,
            children: next()?.parse()?,
            routes: next()?.parse::<usize>()?.max(1),
        };
        Ok(Self { variant, traceparent, shape })
    }

    /// Installs the telemetry, starts the application on this thread, and gives it to `work`.
    ///
    /// # Errors
    ///
    /// If the installation or `work` fails.
    pub fn run<T>(self, work: impl FnOnce(&mut Load<'_>) -> Result<T>) -> Result<T> {
        // It ends after the runtime, and exports the rest.
        let installed = self.variant.install(Export::Nowhere)?;
        self.run_installed(&installed, work)
    }

    /// Starts the application on this thread, and gives it to `work`. The telemetry is installed already.
    ///
    /// # Errors
    ///
    /// If `work` fails.
    pub fn run_installed<T>(self, installed: &Installed, work: impl FnOnce(&mut Load<'_>) -> Result<T>) -> Result<T> {
        System::new().block_on(async {
            let serve = self.variant.with_app(self.shape, InProcess).await;
            let in_a_row = (IN_A_ROW / (1 + self.shape.children)).max(1);
            work(&mut Load { serve, requests: Requests::new(self.traceparent, self.shape), installed, in_a_row })
        })
    }
}

/// A running application, and its requests.
#[derive(Debug)]
pub struct Load<'a> {
    serve: Serve,
    requests: Requests,
    installed: &'a Installed,
    /// The number of requests after which exporters catch up.
    in_a_row: usize,
}

/// The number of spans after which exporters catch up. Fewer than a batch, so that no exporter runs meanwhile.
const IN_A_ROW: usize = 250;

impl Load<'_> {
    /// Sends `count` requests with `send`, a few at a time, which are made before. Exporters catch up before the next
    /// ones, as if they had a processor of their own: a tool that runs one thread after the other, at a fraction of
    /// their speed, would otherwise show an overload.
    ///
    /// # Errors
    ///
    /// If `send` fails.
    pub fn send_with_pauses(
        &mut self,
        count: usize,
        mut send: impl FnMut(&Self, Vec<Request>) -> Result<()>,
    ) -> Result<()> {
        let mut left = count;
        while left > 0 {
            let requests = self.requests.make(left.min(self.in_a_row));
            left -= requests.len();
            send(self, requests)?;
            self.installed.settle();
        }
        Ok(())
    }

    /// Sends requests as [`send`](Self::send) does. Callgrind knows this function by its name, and counts while it runs.
    ///
    /// # Errors
    ///
    /// If [`send`](Self::send) fails.
    #[inline(never)]
    pub fn send_counted(&self, requests: Vec<Request>) -> Result<()> {
        self.send(requests)
    }

    /// Sends requests, one after the other.
    ///
    /// # Errors
    ///
    /// If a request was not served correctly: then a measurement makes no sense.
    pub fn send(&self, requests: Vec<Request>) -> Result<()> {
        for request in requests {
            self.serve.serve(request)?;
        }
        Ok(())
    }

    /// Makes `count` requests.
    #[must_use]
    pub fn requests(&mut self, count: usize) -> Vec<Request> {
        self.requests.make(count)
    }
}
