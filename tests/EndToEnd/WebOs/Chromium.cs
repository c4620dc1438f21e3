using Microsoft.Playwright;
using VSan.Tests.EndToEnd.Pool;
using Xunit;

namespace VSan.Tests.EndToEnd.WebOs;

/// <summary>Headless Chromium beside a small pool; one for all tests of a class.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // No sandbox, as tests may run as root; nothing that asks other machines.
    private static readonly string[] s_arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly SharedPool _shared = new();
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    internal Harness.TestPool Pool => _shared.Pool;

    public async Task InitializeAsync()
    {
        await _shared.InitializeAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = s_arguments });
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await _shared.DisposeAsync();
    }

    /// <summary>A browser of its own, with nobody signed in.</summary>
    internal async Task<WebPerson> OpenAsync(int width = 1366, int height = 820, bool scripts = true)
    {
        IBrowserContext context = await _browser.NewContextAsync(new()
        {
            IgnoreHTTPSErrors = true,
            BaseURL = Pool.Station.Address.ToString(),
            ViewportSize = new() { Width = width, Height = height },
            JavaScriptEnabled = scripts,
            ReducedMotion = ReducedMotion.Reduce,
        });
        return new WebPerson(context, await context.NewPageAsync());
    }

    /// <summary>The same, signed in and on the desktop.</summary>
    internal async Task<WebPerson> SignInAsync(int width = 1366, int height = 820, bool scripts = true)
    {
        WebPerson person = await OpenAsync(width, height, scripts);
        await person.SignInAsync(Harness.StationUnderTest.UserName, Pool.Station.Password);
        return person;
    }
}
