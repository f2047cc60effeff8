<?php
// For tests only: makes the accounts, and new application passwords for them.

add_action('init', function () {
    if (!isset($_GET['apex_test_setup'])) return;
    require_once ABSPATH . 'wp-admin/includes/user.php';
    $answer = [];
    foreach (['administrator', 'author'] as $role) {
        $id = username_exists($role);
        if (!$id) $id = wp_insert_user(['user_login' => $role, 'user_pass' => wp_generate_password(24), 'user_email' => "$role@example.test", 'role' => $role]);
        WP_Application_Passwords::delete_all_application_passwords($id);
        [$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'apex']);
        $answer[$role] = ['username' => $role, 'application_password' => $password];
    }
    wp_send_json($answer);
});
