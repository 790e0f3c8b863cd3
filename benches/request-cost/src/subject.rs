//! What is measured: a variant, a kind of request, and what the handler does with it. Runs in a process of its own.

use std::str::FromStr;

use actix_http::Request;
use actix_web::rt::System;

use crate::app::Shape;
use crate::measure::Result;
use crate::request::Requests;
use crate::serve::{InProcess, Serve};
use crate::variant::{Export, Installed, Variant};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The telemetry.
    pub variant: Variant,
    /// Whether requests have a sampled `traceparent`.
    pub traceparent: bool,
    /// What the handler does.
    pub shape: Shape,
}

impl Subject {
    /// A variant, with the plain handler.
    #[must_use]
    pub const fn new(variant: Variant, traceparent: bool) -> Self {
        Self { variant, traceparent, shape: Shape::PLAIN }
    }

    /// Requests before anything is measured: pools are filled, every route was asked for, instruments are known.
    #[must_use]
    pub const fn warm_up(self) -> usize {
        500 + 2 * self.shape.routes
    }

    /// As the arguments of a process.
    #[must_use]
    pub fn to_arguments(self) -> Vec<String> {
        let Self { variant, traceparent, shape } = self;
        let numbers = [usize::from(traceparent), shape.attributes, shape.children, shape.routes];
        let numbers = numbers.map(|number| number.to_string());
        std::iter::once(variant.name().to_owned()).chain(numbers).collect()
    }

    /// From the arguments of a process.
    ///
    /// # Errors
    ///
    /// They are not those that [`to_arguments`](Self::to_arguments) makes.
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

    /// Installs the telemetry, starts the application on this thread, and hands it to `work`.
    ///
    /// # Errors
    ///
    /// Those of the installation and of `work`.
    pub fn run<T>(self, work: impl FnOnce(&mut Load<'_>) -> Result<T>) -> Result<T> {
        // Ends, exporting what waits, after the runtime.
        let installed = self.variant.install(Export::Nowhere)?;
        self.run_installed(&installed, work)
    }

    /// Starts the application on this thread, and hands it to `work`. The telemetry is installed already.
    ///
    /// # Errors
    ///
    /// Those of `work`.
    pub fn run_installed<T>(self, installed: &Installed, work: impl FnOnce(&mut Load<'_>) -> Result<T>) -> Result<T> {
        System::new().block_on(async {
            let serve = self.variant.with_app(self.shape, InProcess).await;
            let in_a_row = (IN_A_ROW / (1 + self.shape.children)).max(1);
            work(&mut Load { serve, requests: Requests::new(self.traceparent, self.shape), installed, in_a_row })
        })
    }
}

/// A running application, and the requests it gets.
#[derive(Debug)]
pub struct Load<'a> {
    serve: Serve,
    requests: Requests,
    installed: &'a Installed,
    /// Requests after which exporters catch up.
    in_a_row: usize,
}

/// Spans after which exporters catch up. Fewer than a batch, so that no exporter runs meanwhile.
const IN_A_ROW: usize = 250;

impl Load<'_> {
    /// Sends `count` requests with `send`, a few at a time, which are made before. Exporters catch up before the next ones,
    /// as where they have a processor of their own: a tool that runs one thread after the other, at a fraction of their
    /// speed, would show an overload that nobody has.
    ///
    /// # Errors
    ///
    /// Those of `send`.
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
    /// Those of [`send`](Self::send).
    #[inline(never)]
    pub fn send_counted(&self, requests: Vec<Request>) -> Result<()> {
        self.send(requests)
    }

    /// Sends requests, one after the other.
    ///
    /// # Errors
    ///
    /// A request was not served as it should be: then there is nothing to measure.
    pub fn send(&self, requests: Vec<Request>) -> Result<()> {
        for request in requests {
            self.serve.serve(request)?;
        }
        Ok(())
    }

    /// So many requests.
    #[must_use]
    pub fn requests(&mut self, count: usize) -> Vec<Request> {
        self.requests.make(count)
    }
}
