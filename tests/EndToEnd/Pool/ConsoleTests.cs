using System.Net;
using VSan.Contracts.Api;
using VSan.Tests.EndToEnd.Harness;
using Xunit;

namespace VSan.Tests.EndToEnd.Pool;

/// <summary>The web OS in a browser without scripts.</summary>
public sealed class ConsoleTests(SharedPool shared) : IClassFixture<SharedPool>
{
    private TestPool Pool => shared.Pool;

    [Theory]
    [InlineData("/app/overview")]
    [InlineData("/app/units")]
    [InlineData("/app/volumes")]
    [InlineData("/app/tasks")]
    public async Task WhoHasNotSignedIn_IsLedToTheSignIn(string path)
    {
        using Browser browser = new(Pool.Station);
        ApiAnswer answer = await browser.OpenAsync(path);
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.StartsWith("/sign-in", answer.Location!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("unit-1", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignedIn_ThePagesShowThePoolAsItIs()
    {
        await Pool.CreateVolumeAsync("shown-volume", await Pool.AddHostAsync("shown-host"));
        using Browser browser = new(Pool.Station);
        Assert.Contains("Sign in", (await browser.OpenAsync("/sign-in")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SignInAsync(Pool.Station.Password)).Status);
        Assert.Contains("2", await PageAsync(browser, "/app/overview"), StringComparison.Ordinal);
        string units = await PageAsync(browser, "/app/units");
        Assert.Contains("unit-1", units, StringComparison.Ordinal);
        Assert.Contains("unit-2", units, StringComparison.Ordinal);
        string volumes = await PageAsync(browser, "/app/volumes");
        Assert.Contains("shown-volume", volumes, StringComparison.Ordinal);
        Assert.Contains("shown-host", volumes, StringComparison.Ordinal);
        Assert.Contains("shown-volume", await PageAsync(browser, "/app/tasks"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongPassword_IsToldOnTheForm()
    {
        using Browser browser = new(Pool.Station);
        ApiAnswer answer = await browser.SignInAsync("not the password");
        Assert.InRange((int)answer.Status, 400, 499);
        Assert.Contains("Sign in", answer.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.OpenAsync("/app/units")).Status);
    }

    [Fact]
    public async Task FormOfAnotherSite_ChangesNothing()
    {
        (string, string)[] volume = [("name", "forged"), ("size", "64"), ("size-unit", "MiB"), ("key", Guid.NewGuid().ToString()), ("host", string.Empty)];
        using Browser browser = new(Pool.Station);
        await browser.SignInAsync(Pool.Station.Password);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SubmitAsync("/app/volumes", "cross-site", volume)).Status);
        Assert.Empty((await Pool.Api.GetAsync<VolumePage>("volumes?name=forged")).Items);

        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync("/app/volumes", volume)).Status);
        Assert.Single((await Pool.Api.GetAsync<VolumePage>("volumes?name=forged")).Items);
    }

    private static async Task<string> PageAsync(Browser browser, string path)
    {
        ApiAnswer answer = await browser.OpenAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("text/html", answer.ContentType);
        return answer.Body;
    }
}
