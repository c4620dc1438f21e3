using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Playwright;
using VSan.Contracts.Api;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace VSan.Tests.EndToEnd.WebOs;

/// <summary>An authenticator from its first code to the day on which it is lost, in Chromium (design 4.4, 13).</summary>
[Collection(WebOsCollection.Name)]
public sealed class AuthenticatorTests(Chromium chromium)
{
    [Fact]
    public async Task Enrolled_ItsCodeIsGoodOnce_AndSoIsARecoveryCode()
    {
        UserPassword user = await chromium.NewUserAsync(Role.Viewer);
        string code, recovery;
        await using (WebPerson person = await chromium.SignInAsync(user))
        {
            await person.Page.GotoAsync("/app/users/account");
            await person.Page.GetByRole(AriaRole.Button, new() { Name = "Enrol an authenticator" }).ClickAsync();
            byte[] secret = Decode((await person.Page.Locator(".notice pre").First.TextContentAsync())!.Trim());
            code = Code(secret, TimeProvider.System.GetUtcNow());
            await person.Page.Locator("#confirm-totp").GetByLabel("Code").FillAsync(code);
            await person.Page.GetByRole(AriaRole.Button, new() { Name = "Confirm it" }).ClickAsync();
            recovery = (await person.Page.Locator(".notice pre").TextContentAsync())!.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[0];
            person.AssertQuiet();
        }

        await using WebPerson later = await chromium.OpenAsync();
        await TryAsync(later, user, code);
        await Expect(later.Page.Locator("main")).ToContainTextAsync("Not signed in");
        await TryAsync(later, user, recovery);
        await later.Page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/");
        await using WebPerson thief = await chromium.OpenAsync();
        await TryAsync(thief, user, recovery);
        await Expect(thief.Page.Locator("main")).ToContainTextAsync("Not signed in");
    }

    private static async Task TryAsync(WebPerson person, UserPassword user, string code)
    {
        await person.Page.GotoAsync("/sign-in");
        await person.Page.GetByLabel("User name").FillAsync(user.User.Name);
        await person.Page.GetByLabel("Password").FillAsync(user.Password!);
        await person.Page.GetByLabel("Code of your authenticator").FillAsync(code);
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    // RFC 6238 with the values that authenticators take: HMAC-SHA-1, 30 s, six digits.
    private static string Code(byte[] secret, DateTimeOffset now)
    {
        byte[] counter = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, now.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // What authenticators implement.
        byte[] mac = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        int number = BinaryPrimitives.ReadInt32BigEndian(mac.AsSpan(mac[^1] & 0xf)) & int.MaxValue;
        return $"{number % 1_000_000:D6}";
    }

    private static byte[] Decode(string base32)
    {
        byte[] bytes = new byte[base32.Length * 5 / 8];
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            int value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(base32[bit / 5], StringComparison.Ordinal);
            if ((value >> (4 - (bit % 5)) & 1) == 1) bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return bytes;
    }
}
