using System.Net;
using VSan.Contracts.Api;
using Xunit;

namespace VSan.Tests.ControlPlane.WebOs;

/// <summary>Every address of the web OS, by somebody who may only look.</summary>
public sealed class RightsTests(WebConsole console) : IClassFixture<WebConsole>
{
    // What everybody has: the own account, what is posted to one, and a console that may do what its person may.
    private static readonly string[] s_everybodys = ["/app/users/account", "/app/posts", "/app/console"];

    [Fact]
    public async Task EveryForm_SentByAViewer_IsRefused()
    {
        string[] forms = [.. console.Addresses("POST").Where(path => path.StartsWith("/app/", StringComparison.Ordinal) && !s_everybodys.Any(own => path.StartsWith(own, StringComparison.Ordinal)))];
        Assert.True(forms.Length > 40, $"Only {forms.Length} forms were found.");
        foreach (string form in forms)
        {
            ConsolePage answer = await console.PostAsync(form, Role.Viewer, ("name", "x"), ("size", "1"), ("size-unit", "GiB"), ("role", "Admin"), ("scope", "all"), ("layout", "single"), ("domain", "unit"));
            Assert.True(answer.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{form}: {answer.Status}");
        }
    }

    [Fact]
    public async Task EveryPage_OfAnObjectThatIsNotThere_IsNotFoundAndNothingElse()
    {
        foreach (string path in console.Addresses("GET").Where(path => path.Contains(Guid.Empty.ToString(), StringComparison.Ordinal) && !path.Contains("/projects/", StringComparison.Ordinal)))
        {
            ConsolePage answer = await console.OpenAsync(path);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.Status));
        }
    }
}
