using Microsoft.AspNetCore.Http;

namespace VSan.WebOs.Shell;

/// <summary>A page without what is around it, for a window of the desktop.</summary>
/// <param name="Page">The page.</param>
/// <param name="IsAnswer">True: it answers a form, so that asking for its address again would not give it.</param>
public sealed record Fragment(Page Page, bool IsAnswer)
{
    private const string Header = "X-Fragment";

    /// <summary>True for a request of the shell.</summary>
    public static bool IsAsked(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Headers[Header] == "1";
    }
}
