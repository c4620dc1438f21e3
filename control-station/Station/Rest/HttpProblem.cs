using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary>Problems that HTTP itself has, before any service is asked.</summary>
internal static class HttpProblem
{
    /// <summary>The problem document for a status that a response has without a body.</summary>
    public static Problem Of(int status, HttpRequest request) => status switch
    {
        StatusCodes.Status404NotFound => ProblemCatalog.Describe("not-found", $"There is nothing at {request.Path}.", "Look at docs/protocol.md for the addresses."),
        StatusCodes.Status405MethodNotAllowed => ProblemCatalog.Describe("method-not-allowed", $"{request.Path} does not take {request.Method}."),
        StatusCodes.Status413PayloadTooLarge => ProblemCatalog.Describe("too-large", "The body is longer than this address takes."),
        >= 500 => ProblemCatalog.Describe("internal", "The station could not finish this request.") with { Status = status },
        _ => ProblemCatalog.Describe("malformed", "The request cannot be read.") with { Status = status },
    };

    /// <summary>An error of ours; the log has the rest under the same number.</summary>
    public static Problem Internal(string traceId) => ProblemCatalog.Describe(
        "internal",
        $"The station failed in a way that it did not expect; its log tells more under {traceId}.",
        "Try again; if it stays, report the lines of the log.");
}
