using Microsoft.Playwright;
using VSan.Contracts.Api;
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
    internal Task<WebPerson> OpenAsync(int width = 1366, int height = 820, bool scripts = true) => OpenAsync(Pool.Station, width, height, scripts);

    /// <summary>The same at another station.</summary>
    internal async Task<WebPerson> OpenAsync(Harness.StationUnderTest station, int width = 1366, int height = 820, bool scripts = true)
    {
        IBrowserContext context = await _browser.NewContextAsync(new()
        {
            IgnoreHTTPSErrors = true,
            BaseURL = station.Address.ToString(),
            ViewportSize = new() { Width = width, Height = height },
            JavaScriptEnabled = scripts,
            ReducedMotion = ReducedMotion.Reduce,
        });
        return new WebPerson(context, await context.NewPageAsync());
    }

    /// <summary>The same, signed in as an administrator who is new here, on a desktop that nobody used yet.</summary>
    internal async Task<WebPerson> SignInAsync(int width = 1366, int height = 820, bool scripts = true) => await SignInAsync(await NewUserAsync(Role.Admin), width, height, scripts);

    /// <summary>The same for a user who is known.</summary>
    internal async Task<WebPerson> SignInAsync(UserPassword user, int width = 1366, int height = 820, bool scripts = true)
    {
        WebPerson person = await OpenAsync(width, height, scripts);
        await person.SignInAsync(user.User.Name, user.Password!);
        return person;
    }

    /// <summary>A user with one role everywhere.</summary>
    internal Task<UserPassword> NewUserAsync(Role role) =>
        Pool.Api.PostAsync<UserPassword>("users", new UserCreate($"person-{Guid.NewGuid().ToString("N")[..8]}", [new RoleBinding(role, "all")]));
}
