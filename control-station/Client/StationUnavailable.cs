using System.Security.Authentication;

namespace VSan.Client;

/// <summary>What to say when no answer of the station came.</summary>
internal static class StationUnavailable
{
    /// <summary>True when the connection broke after it stood: the station may be restarting. A refused one is told at once.</summary>
    public static bool IsWorthARetry(HttpRequestException failure) => failure.HttpRequestError
        is HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError or HttpRequestError.Unknown;

    /// <summary>The failure of a request that got no answer.</summary>
    public static CommandFailure Failure(Uri server, HttpRequestException failure)
    {
        string authority = server.GetLeftPart(UriPartial.Authority);
        return failure.HttpRequestError switch
        {
            HttpRequestError.SecureConnectionError => new(
                ExitCode.Unavailable,
                $"{authority} did not prove that it is our station: {(failure.InnerException as AuthenticationException)?.Message ?? failure.Message}",
                "Check the address and sign in again with the station's own CA file (vsan login --ca-file)."),
            HttpRequestError.NameResolutionError => new(
                ExitCode.Unavailable, $"The name in {authority} is not known.", "Check the spelling of --server and the name service."),
            _ => new(
                ExitCode.Unavailable,
                $"The station at {authority} cannot be reached: {failure.InnerException?.Message ?? failure.Message}",
                "Check that it runs and that this machine may reach its port. Volumes stay in service without it."),
        };
    }

    /// <summary>The failure of a request that was accepted and never answered.</summary>
    public static CommandFailure Silent(Uri server, TimeSpan waited) => new(
        ExitCode.Unavailable,
        $"The station at {server.GetLeftPart(UriPartial.Authority)} did not answer within {waited.TotalSeconds:0} s.",
        "Check its load and its log, then repeat the command.");
}
