<?php
// The authentication process with PHP's curl, as its users write it: slashes in JSON are escaped, and nothing is set that has a default.
// Prints each step and its status. The environment is that of python.py, for the full process alone.

function call(string $step, string $method, string $path, array $query = [], ?array $body = null, array $headers = []): ?array
{
    $url = getenv('BASE_URL') . $path . ($query ? '?' . http_build_query($query) : '');
    $curl = curl_init($url);
    curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
    curl_setopt($curl, CURLOPT_CUSTOMREQUEST, $method);
    if ($body !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($body));
        $headers[] = 'Content-Type: application/json';
    }
    curl_setopt($curl, CURLOPT_HTTPHEADER, $headers);
    $content = curl_exec($curl);
    if ($content === false) {
        fwrite(STDERR, curl_error($curl) . "\n");
        exit(1);
    }
    echo $step, ' ', curl_getinfo($curl, CURLINFO_RESPONSE_CODE), "\n";
    return $content === '' ? null : json_decode($content, true, 512, JSON_THROW_ON_ERROR);
}

function read(string $step, string $token): void
{
    call($step, 'GET', '/api/directoryObjects', ['directoryObject' => getenv('OBJECT')], null, ["Adm-Authorization: $token"]);
}

$session = call('create', 'POST', '/api/authSessions/create', [], ['username' => getenv('LOGON_NAME'), 'password' => getenv('PASSWORD')])['sessionId'];
$wanted = ['sessionId' => $session];
if (getenv('TYPE') !== '' && getenv('TYPE') !== false) {
    $wanted['type'] = (int) getenv('TYPE');
}
$old = call('obtain', 'POST', '/api/auth', [], $wanted)['token'];
read('read', $old);
$token = call('renew', 'PATCH', '/api/auth', ['token' => $old], null, ["Adm-Authorization: $old"])['token'];
read('read', $token);
call('destroy-old', 'DELETE', '/api/auth', ['token' => $old], null, ["Adm-Authorization: $token"]);
call('terminate', 'DELETE', '/api/authSessions', ['id' => $session]);
call('destroy', 'DELETE', '/api/auth', ['token' => $token], null, ["Adm-Authorization: $token"]);
read('rejected', $token);
