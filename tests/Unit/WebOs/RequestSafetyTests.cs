using Microsoft.AspNetCore.Http;
using VSan.WebOs.Shell;
using Xunit;

namespace VSan.Tests.Unit.WebOs;

public sealed class RequestSafetyTests
{
    [Theory]
    [InlineData("/app/volumes"), InlineData("/app/volumes?name=db&cursor=7"), InlineData("/app/volumes/7c1f83de/delete")]
    public void ReturnPath_OwnPage_IsKept(string path) => Assert.Equal(path, ReturnPath.From(path).Path);

    [Theory]
    [InlineData(null), InlineData(""), InlineData("//evil.example/app/"), InlineData("/\\evil.example"), InlineData("https://evil.example/app/")]
    [InlineData("javascript:alert(1)"), InlineData("/sign-out"), InlineData("/app/../sign-out"), InlineData("/app/%2E%2e/x"), InlineData("/app/\r\nX: y")]
    [InlineData("/app\\..\\x"), InlineData(" /app/units"), InlineData("/app/\u2025")]
    public void ReturnPath_AnythingElse_BecomesTheDesktop(string? path) => Assert.Equal("/", ReturnPath.From(path).Path);

    [Theory]
    [InlineData("same-origin", null, true), InlineData(null, "https://station:8443", true)]
    [InlineData("cross-site", null, false), InlineData("same-site", null, false), InlineData("none", null, false)]
    [InlineData("cross-site", "https://station:8443", false), InlineData(null, "https://evil.example", false)]
    [InlineData(null, "http://station:8443", false), InlineData(null, "https://station:9", false), InlineData(null, "null", false), InlineData(null, null, false)]
    public void SameOrigin_Form_IsToldFromAnothersSite(string? site, string? origin, bool expected)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        request.Scheme = "https";
        request.Host = new HostString("station", 8443);
        if (site is not null) request.Headers["Sec-Fetch-Site"] = site;
        if (origin is not null) request.Headers.Origin = origin;
        Assert.Equal(expected, SameOrigin.Holds(request));
    }

    [Fact]
    public void SessionCookie_Set_HasEveryProtection()
    {
        DefaultHttpContext context = new();
        SessionCookie.Set(context.Response, "bearer", SamplePages.Now);
        string cookie = context.Response.Headers.SetCookie.ToString();
        Assert.StartsWith("__Host-vsan-session=bearer;", cookie, StringComparison.Ordinal);
        foreach (string part in new[] { "; path=/", "; secure", "; httponly", "; samesite=strict" }) Assert.Contains(part, cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain", cookie, StringComparison.Ordinal);
    }
}
