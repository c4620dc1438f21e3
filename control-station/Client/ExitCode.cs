using System.Net;

namespace VSan.Client;

/// <summary>What the process ends with; scripts rely on the numbers.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>Failed, for a reason without a number of its own.</summary>
    Error = 1,

    /// <summary>The command line is wrong, for this program or for the station; nothing was done.</summary>
    Usage = 2,

    /// <summary>An object that was named does not exist.</summary>
    NotFound = 3,

    /// <summary>It contradicts what exists.</summary>
    Conflict = 4,

    /// <summary>Not signed in, or not allowed.</summary>
    Denied = 5,

    /// <summary>The station cannot be reached, trusted, or asked right now.</summary>
    Unavailable = 6,

    /// <summary>It takes longer than this command may wait. The work goes on; its id was printed.</summary>
    TimedOut = 7,

    /// <summary>Ctrl+C, as shells number it: 128 + SIGINT.</summary>
    Interrupted = 130,
}

/// <summary>From the station's answers to exit codes.</summary>
internal static class ExitCodes
{
    /// <summary>The exit code for an HTTP status that is not a success.</summary>
    public static ExitCode Of(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => ExitCode.Usage,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.Denied,
        HttpStatusCode.NotFound or HttpStatusCode.Gone => ExitCode.NotFound,
        HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => ExitCode.Conflict,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
            ExitCode.Unavailable,
        _ => ExitCode.Error,
    };
}
